// SPDX-License-Identifier: BSD-3-Clause
/// System calls of Linux, without a C library. For components that run on this platform only.
#pragma once

#include <unicore/platform/linux/impl/system_call.hpp>  // the selected architecture's

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace unicore::platform::linux {

/// Errors that Unicore tells apart; -value is what a system call returns. [errno(3)]
enum class ErrorNumber : long { interrupted = 4, again = 11, no_memory = 12 };

/// A time in the layout that every architecture's 64-bit time calls take.
struct TimeSpec {
    std::int64_t seconds;
    std::int64_t nanoseconds;
};

/// The kernel's struct pollfd. [poll(2)]
struct PollDescriptor {
    int descriptor;
    short events, returned;
};
inline constexpr short poll_in = 1, poll_out = 4;

inline constexpr int standard_output = 1;
inline constexpr int standard_error = 2;

/// Makes a system call. The result is the call's, negative for an error: `failed` and `is` tell.
template <typename... Arguments>
[[gnu::always_inline]] inline long system_call(Call number, Arguments... arguments) noexcept {
    static_assert((... && (std::integral<Arguments> || std::is_pointer_v<Arguments> ||
                           std::is_null_pointer_v<Arguments>)));
    return impl::enter(number, (long)arguments...);
}

/// Errors are the last page of addresses. [syscall(2)]
constexpr bool failed(long result) noexcept { return result < 0 && result >= -4095; }
constexpr bool is(long result, ErrorNumber error) noexcept { return result == -static_cast<long>(error); }

}  // namespace unicore::platform::linux
