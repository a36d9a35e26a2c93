// SPDX-License-Identifier: BSD-3-Clause
// In a file of its own, with strong definitions of what counts: images that read no statistics have none of it.
#include "layers.hpp"

#include <algorithm>

namespace unicore::memory::heap {
namespace {

constinit Statistics counted{};

}  // namespace

void count_allocated() noexcept {
    ++counted.blocks;
    ++counted.allocations;
    count_reallocated();
}

void count_reallocated() noexcept {
    const Usage now = usage();
    counted.peak.allocated = std::max(counted.peak.allocated, now.allocated);
    counted.peak.reserved = std::max(counted.peak.reserved, now.reserved);
}

void count_released() noexcept { --counted.blocks; }

void count_failure() noexcept { ++counted.failures; }

Statistics statistics() noexcept { return counted; }

}  // namespace unicore::memory::heap
