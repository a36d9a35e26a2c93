// SPDX-License-Identifier: BSD-3-Clause
// In a file of its own, with strong definitions of what counts: images that read no statistics have none of it.
#include "shortage.hpp"

#include <algorithm>

namespace unicore::memory::pages {
namespace {

constinit Statistics counted{};

}  // namespace

void count_taken() noexcept {
    ++counted.takes;
    counted.peak = std::max(counted.peak, usage().taken);
}

void count_failure() noexcept { ++counted.failures; }

Statistics statistics() noexcept { return counted; }

}  // namespace unicore::memory::pages
