// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/frame.hpp>
#include <unicore/arch/mips/prologue.hpp>

#include <cstdint>
#include <optional>

extern "C" {
extern const std::uint32_t unicore_text_first[];  // of the linker script
extern const std::uint32_t unicore_text_end[];
}

namespace unicore::arch {

/// The chain of calls by the prologues of functions, read in the image's own code.
struct Stack {
    /// What the function at `instruction` has saved.
    static std::optional<mips::Prologue> prologue(std::uintptr_t instruction) noexcept {
        const auto* const next = reinterpret_cast<const std::uint32_t*>(instruction);
        if (instruction % sizeof *next != 0 || next < unicore_text_first || next > unicore_text_end) return std::nullopt;
        return mips::read_prologue(unicore_text_first, next);
    }
    /// A word that was saved at `offset` in the frame at `pointer`.
    static std::uintptr_t saved(std::uintptr_t pointer, std::int16_t offset) noexcept {
        return *reinterpret_cast<const std::uintptr_t*>(pointer + static_cast<std::uintptr_t>(offset));
    }

    [[gnu::always_inline]] static Frame here() noexcept {
        std::uintptr_t instruction;
        asm volatile("la %0, 1f\n1:" : "=r"(instruction));
        return up({instruction, reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0))});
    }
    static bool valid(Frame frame) noexcept {
        if (frame.pointer == 0 || frame.pointer % sizeof frame.pointer != 0) return false;
        const auto found = prologue(frame.instruction);
        return found && found->framed && found->return_address && found->frame_pointer;
    }
    static Frame up(Frame frame) noexcept {
        const auto found = prologue(frame.instruction);
        if (!found || !found->return_address || !found->frame_pointer) return {};
        return {saved(frame.pointer, *found->return_address), saved(frame.pointer, *found->frame_pointer)};
    }
};

}  // namespace unicore::arch
