// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace unicore::arch::mips {

/// What a function has saved before some instruction of it, as offsets from where $sp points after its prologue.
struct Prologue {
    std::optional<std::int16_t> return_address;  ///< of $ra
    std::optional<std::int16_t> frame_pointer;   ///< of the caller's $fp
    bool framed = false;                         ///< $fp is the function's own
};

/// Reads back from `next`, where the function goes on, to where it made room on the stack, but not below `first`.
/// Nothing when there is no such place, as in assembly. MIPS has no frame records: only the code says where a
/// function keeps what it returns to. Compilers write, with a frame pointer asked for,
///
///     addiu $sp, $sp, -N;  sw $ra, X($sp);  sw $fp, Y($sp);  …;  move $fp, $sp
///
/// at the start, in one piece. [System V ABI MIPS, 3-21; LLVM 19, MipsSEFrameLowering::emitPrologue]
constexpr std::optional<Prologue> read_prologue(const std::uint32_t* first, const std::uint32_t* next) noexcept {
    constexpr std::ptrdiff_t longest = 16 * 1024;  // instructions of a function
    constexpr std::uint32_t save_return_address = 0xafbf, save_frame_pointer = 0xafbe, adjust_stack = 0x27bd;
    Prologue found;
    for (std::ptrdiff_t left = longest; next > first && left != 0; --left) {
        const std::uint32_t word = *--next;
        const auto offset = static_cast<std::int16_t>(word);
        if (word >> 16 == save_return_address) found.return_address = offset;
        if (word >> 16 == save_frame_pointer) found.frame_pointer = offset;
        if (word == 0x03a0f025 || word == 0x03a0f021) found.framed = true;  // move $fp, $sp: OR or ADDU
        if (word >> 16 == adjust_stack && offset < 0) return found;
    }
    return std::nullopt;
}

}  // namespace unicore::arch::mips
