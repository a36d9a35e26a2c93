// SPDX-License-Identifier: BSD-3-Clause
#include "seed.hpp"

#include <unicore/bus/devicetree.hpp>

#include <cstring>

/// The last words of the property: entropy.devicetree takes the first ones. [Devicetree specification, /chosen, rng-seed]
std::uint64_t unicore::debug::canary::tree_seed() noexcept {
    const auto seed = bus::devicetree::noted(bus::devicetree::Noted::chosen).property("rng-seed");
    std::uint64_t word = 0;
    if (seed.size() >= sizeof word) std::memcpy(&word, seed.data() + seed.size() - sizeof word, sizeof word);
    return word;
}
