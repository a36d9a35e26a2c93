// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/context.hpp>  // the selected architecture's

#include <concepts>
#include <cstddef>
#include <span>

namespace unicore::arch {

/// A thread that does not run: where its stack is. All else that the calling convention has functions keep lies there,
/// the control register of floating point included. [C17 7.6, 3: threads have their own]
///
/// `prepare`: a thread that begins with main(argument) on `stack`, of which it takes some words at the end, with the
/// floating-point control of the caller; `main` never returns. `switch_to`: leaves the current thread in `from`, and
/// goes on with `to`, which was prepared or left; it returns when somebody switches back.
/// Nobody else may have either of them meanwhile. Context: thread, masked or not: the mask is for the caller to keep.
template <typename T>
concept ThreadContext = std::default_initializable<T> &&
                        requires(T& from, T& to, std::span<std::byte> stack, void (*main)(void*) noexcept, void* argument) {
                            { from.prepare(stack, main, argument) } noexcept -> std::same_as<void>;
                            { T::switch_to(from, to) } noexcept -> std::same_as<void>;
                        };
static_assert(ThreadContext<Context>);

}  // namespace unicore::arch
