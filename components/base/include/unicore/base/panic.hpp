// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace unicore {

/// The exit status of an image that panicked, as a shell shows an aborted process.
inline constexpr int panic_status = 134;

/// Ends the image because of a bug or of an environment it cannot run in: prints the message, the
/// call chain as addresses with the image's build-id (a host tool turns them into names), and the
/// status line. Same format on every platform. Context: any, interrupt handlers included.
[[noreturn]] void panic(std::string_view message) noexcept;

/// The same for a fault that the CPU reported: the call chain starts at `instruction`, with the
/// frame pointer `frame` that was current there. A frame pointer that is not near the stack pointer
/// `stack` may be anything and is not followed.
[[noreturn]] void panic_at(std::uintptr_t instruction, std::uintptr_t frame, std::uintptr_t stack) noexcept;

}  // namespace unicore
