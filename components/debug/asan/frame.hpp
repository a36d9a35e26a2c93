// SPDX-License-Identifier: BSD-3-Clause
/// How the compiler describes frames: at the start of one are a mark, the address of a text, and the function.
/// [LLVM 19, lib/Transforms/Utils/ASanStackFrameLayout.cpp, ComputeASanStackFrameDescription]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::debug::asan {

constexpr std::uintptr_t frame_mark = 0x41b5'8ab3;
constexpr std::uint8_t frame_front = 0xf1;  ///< in the shadow: in front of the first variable

struct Variable {
    std::size_t start;  ///< from the frame's start on
    std::size_t size;   ///< 0: there is none
    std::string_view name;
};

/// The variable of `description`, "COUNT START SIZE LENGTH NAME …", that `offset` is in or nearest to.
Variable nearest(const char* description, std::size_t offset) noexcept;

}  // namespace unicore::debug::asan
