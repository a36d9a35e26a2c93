// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <cstdint>

namespace unicore::arch {

/// What a CPU has by way of unpredictable bits.
enum class RandomKind : std::uint8_t {
    none,
    generator,  ///< a deterministic generator that the CPU seeds again now and then
    source,     ///< every bit with full entropy
};

}  // namespace unicore::arch

#include <unicore/arch/impl/random.hpp>  // the selected architecture's, where there is one

namespace unicore::arch {

/// `kind`: the best that this CPU has. `draw`: one word of that kind; false when the CPU has none
/// ready, which passes. Not to be asked for a kind that the CPU does not have.
template <typename T>
concept RandomInstruction = requires(RandomKind kind, std::uint64_t& word) {
    { T::kind() } noexcept -> std::same_as<RandomKind>;
    { T::draw(kind, word) } noexcept -> std::same_as<bool>;
};
static_assert(RandomInstruction<Random>);

}  // namespace unicore::arch
