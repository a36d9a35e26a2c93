// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/generic_timer.hpp>  // the selected architecture's, on Arm

#include <concepts>
#include <cstdint>

namespace unicore::arch {

/// The virtual timer of Arm's generic timer. `frequency`: in hertz, as firmware wrote it, 0 when it did not.
/// `arm`: interrupts when the count reaches `value`, at once when it has. `disarm`: takes the interrupt away.
template <typename T>
concept VirtualTimer = requires(std::uint64_t value) {
    { T::frequency() } noexcept -> std::same_as<std::uint32_t>;
    { T::arm(value) } noexcept -> std::same_as<void>;
    { T::disarm() } noexcept -> std::same_as<void>;
};
static_assert(VirtualTimer<GenericTimer>);

}  // namespace unicore::arch
