// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/bytes.hpp>  // the selected architecture's

#include <concepts>
#include <cstddef>

namespace unicore::arch {

/// What memcpy and its relatives are made of. `copy_up` starts at the lowest address, `copy_down` at
/// the highest; they may not call memcpy. `copy_bulk` is the one for much at a time, wherever it lies, and need not be
/// small; the places do not overlap.
template <typename T>
concept ByteMover = requires(std::byte* to, const std::byte* from, unsigned char value, std::size_t count) {
    { T::copy_up(to, from, count) } noexcept -> std::same_as<void>;
    { T::copy_down(to, from, count) } noexcept -> std::same_as<void>;
    { T::copy_bulk(to, from, count) } noexcept -> std::same_as<void>;
    { T::fill(to, value, count) } noexcept -> std::same_as<void>;
};
static_assert(ByteMover<Bytes>);

}  // namespace unicore::arch
