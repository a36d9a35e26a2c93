// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/entropy/source.hpp>

#include <unicore/base/late.hpp>

namespace unicore::entropy {

namespace {

constinit Late<Sources> all;

}  // namespace

Sources& sources() noexcept {
    if (!all.constructed()) all.construct();
    return *all;
}

void add(Source& source) noexcept { sources().push_back(source); }

}  // namespace unicore::entropy
