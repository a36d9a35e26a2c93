// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// A function that is being executed: the instruction where it goes on, and its frame pointer.
struct Frame {
    std::uintptr_t instruction;
    std::uintptr_t pointer;
};

/// StackWalk where a frame pointer points at a record of two words: the caller's frame pointer, then
/// where to return to. [System V ABI x86-64, 3.2.2; AAPCS64, 6.4.6; AAPCS32, 6.2.1.4]
struct FrameRecords {
    [[gnu::always_inline]] static Frame here() noexcept {
        return up({0, reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0))});
    }
    static bool valid(Frame frame) noexcept { return frame.pointer != 0 && frame.pointer % sizeof frame.pointer == 0; }
    [[gnu::always_inline]] static Frame up(Frame frame) noexcept {
        const auto* const record = reinterpret_cast<const std::uintptr_t*>(frame.pointer);
        return {record[1], record[0]};
    }
};

}  // namespace unicore::arch
