// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/frame.hpp>
#include <unicore/arch/impl/stack.hpp>  // the selected architecture's

#include <concepts>
#include <cstdint>

namespace unicore::arch {

/// The chain of calls. `valid`: whether a frame can be one at all. `here`: where the function
/// that calls it will return to, and its caller's frame. `up`: the same of the function at `frame`, which
/// must be valid. Whether the memory is there is for the user to know.
template <typename T>
concept StackWalk = requires(Frame frame) {
    { T::here() } noexcept -> std::same_as<Frame>;
    { T::valid(frame) } noexcept -> std::same_as<bool>;
    { T::up(frame) } noexcept -> std::same_as<Frame>;
};
static_assert(StackWalk<Stack>);

}  // namespace unicore::arch
