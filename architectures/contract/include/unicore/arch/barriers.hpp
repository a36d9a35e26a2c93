// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/barriers.hpp>  // the selected architecture's

#include <concepts>

namespace unicore::arch {

/// Orderings that devices and hypervisors see, and the hint for short polling loops.
template <typename T>
concept BarrierSet = requires {
    { T::full() } noexcept -> std::same_as<void>;   ///< all accesses before are seen before all after
    { T::read() } noexcept -> std::same_as<void>;   ///< loads before, before loads after
    { T::write() } noexcept -> std::same_as<void>;  ///< stores before, before stores after
    { T::relax() } noexcept -> std::same_as<void>;  ///< a polling loop's pause
};
static_assert(BarrierSet<Barriers>);

}  // namespace unicore::arch
