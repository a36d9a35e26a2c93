// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/stack.hpp>  // the selected architecture's

#include <concepts>
#include <cstdint>

namespace unicore::arch {

/// A chain of frame pointers. `frame`: that of the function which calls it. `valid`: whether a value
/// can be a frame pointer at all (alignment). `resume` and `next` read the record that a frame
/// pointer points at: where its function returns to, and the caller's frame pointer. Whether the
/// memory is there is for the user to know.
template <typename T>
concept StackWalk = requires(std::uintptr_t frame) {
    { T::frame() } noexcept -> std::same_as<std::uintptr_t>;
    { T::valid(frame) } noexcept -> std::same_as<bool>;
    { T::resume(frame) } noexcept -> std::same_as<std::uintptr_t>;
    { T::next(frame) } noexcept -> std::same_as<std::uintptr_t>;
};
static_assert(StackWalk<Stack>);

}  // namespace unicore::arch
