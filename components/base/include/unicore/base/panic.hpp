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

/// What a CPU reports that went wrong.
struct Fault {
    const char* what;
    std::uintptr_t address;      ///< what was accessed, or the instruction
    std::uintptr_t instruction;  ///< where the call chain starts
    std::uintptr_t frame;        ///< the frame pointer that was current there
    /// The stack pointer. A frame pointer that is not near it may be anything and is not followed.
    std::uintptr_t stack;
    /// Where the function at `instruction` returns to, while only a register says so; `frame` is then its caller's.
    /// 0: its frame says so.
    std::uintptr_t link = 0;
};

/// Registers are printed so many to a line, the name of one without a number in so many characters.
inline constexpr unsigned fault_columns = 3;
inline constexpr unsigned fault_name_width = 5;

/// What registers are called: first those with a number from 0 on, `prefix` in front of it, then others, such as
/// " lr= sp=", of which there is one at least.
struct RegisterNames {
    unsigned numbered;
    const char* prefix;
    const char* others;
};

/// Ends the image because of a fault: `unicore: fault: WHAT at ADDRESS`, the registers, then as panic
/// does. `values` are in the order of their names. Context: any.
[[noreturn]] void fault(const Fault& fault, RegisterNames names, const std::uintptr_t* values) noexcept;
/// The same where none has a number.
[[noreturn]] void fault(const Fault& fault, const char* names, const std::uintptr_t* values) noexcept;

}  // namespace unicore
