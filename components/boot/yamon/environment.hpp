// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/boot/yamon.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace unicore::boot::yamon {

inline constexpr std::size_t most_words = 65, most_variables = 64, most_of_variable = 255;

/// Makes `size` bytes at one of the loader's addresses readable, which are in one page; null where nobody may read.
using Reach = const char* (*)(std::uint32_t address, std::size_t size) noexcept;

/// How much memory a machine has.
struct Memory {
    std::optional<std::uint64_t> low;    ///< memsize: from address 0 on
    std::optional<std::uint64_t> total;  ///< ememsize
};

/// Copies the words behind the first, joined by blanks and ended by 0, to `to`; returns the size without the 0.
/// Errors: out_of_range when there are too many or there is no room, invalid_argument when an address leads nowhere.
/// What was read before is there then as well, ended by 0.
Result<std::size_t> read_command_line(const Registers& registers, Reach reach, std::span<char> to) noexcept;

/// What the environment says of memory. Errors: invalid_argument when an address leads nowhere; out_of_range when the
/// list or a string of it has no end. Numbers that are none are as good as missing.
Result<Memory> read_memory(std::uint32_t variables, Reach reach) noexcept;

/// A size in decimal, or in hexadecimal behind `0x`. Errors: invalid_argument, out_of_range.
Result<std::uint64_t> parse_size(std::string_view digits) noexcept;

}  // namespace unicore::boot::yamon
