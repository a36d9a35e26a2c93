// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/cycles.hpp>  // the selected architecture's

#include <concepts>
#include <cstdint>

namespace unicore::arch {

/// `read`: the CPU's free-running cycle or timer counter, not before earlier instructions are done.
template <typename T>
concept CycleCounter = requires {
    { T::read() } noexcept -> std::same_as<std::uint64_t>;
};
static_assert(CycleCounter<Cycles>);

}  // namespace unicore::arch
