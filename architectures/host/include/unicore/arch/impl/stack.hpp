// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// Frame pointers as clang keeps them on every 64-bit host: the caller's, then the return address.
struct Stack {
    [[gnu::always_inline]] static std::uintptr_t frame() noexcept {
        return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    }
    static bool valid(std::uintptr_t frame) noexcept { return frame != 0 && frame % sizeof(std::uintptr_t) == 0; }
    static std::uintptr_t resume(std::uintptr_t frame) noexcept { return reinterpret_cast<const std::uintptr_t*>(frame)[1]; }
    static std::uintptr_t next(std::uintptr_t frame) noexcept { return reinterpret_cast<const std::uintptr_t*>(frame)[0]; }
};

}  // namespace unicore::arch
