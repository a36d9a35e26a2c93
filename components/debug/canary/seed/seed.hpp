// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::debug::canary {

/// What nobody who knows the image can tell beforehand, as far as the machine or the kernel has it.
std::uint64_t seed() noexcept;

/// What a loader put into the device tree; 0 where there is none.
std::uint64_t tree_seed() noexcept;

/// Spreads each bit of `word` over all of the result; no two words have one result.
constexpr std::uint64_t mix(std::uint64_t word) noexcept {
    for (int round = 0; round != 3; ++round) word = (word ^ word >> 32) * 0x9e37'79b9'7f4a'7c15;  // 2^64 / golden ratio
    return word ^ word >> 32;
}

/// A guard of `word`. With 64 bits its first byte in memory is 0, so that texts which run over can neither
/// show nor write it; with 32 that would leave too little to guess.
constexpr std::uintptr_t guard_of(std::uint64_t word) noexcept {
    const auto guard = static_cast<std::uintptr_t>(mix(word));
    return sizeof guard == 8 ? guard & ~std::uintptr_t{0xff} : guard;
}

}  // namespace unicore::debug::canary
