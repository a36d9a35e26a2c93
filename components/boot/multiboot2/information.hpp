// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

/// [Multiboot2 2.0, 3.6 boot information format]
namespace unicore::boot::multiboot2 {

inline constexpr std::size_t header_size = 8;          ///< the whole size and a reserved word
inline constexpr std::size_t most_bytes = 64 * 1024;  ///< of information

struct MapEntry {
    static constexpr std::uint32_t available = 1;

    std::uint64_t address;
    std::uint64_t length;
    std::uint32_t type;
    std::uint32_t reserved;
};
static_assert(sizeof(MapEntry) == 24);

/// What the tags say, where they lie; empty for those that are not there.
struct Information {
    std::span<const char> command_line;  ///< without the 0 behind it
    std::span<const std::byte> map;   ///< entries of `map_entry_size`
    std::size_t map_entry_size = 0;   ///< at least MapEntry's
    std::span<const std::byte> root;  ///< ACPI's root pointer, the newer of two
};

/// Reads the tags after the header, up to the end tag. Errors: invalid_argument when they do not fit into it.
Result<Information> read(std::span<const std::byte> tags) noexcept;

/// Copies without the backslashes that GRUB puts before quotes and backslashes, as much as there is room
/// for; returns how much.
std::size_t without_escapes(std::span<const char> text, std::span<char> to) noexcept;

}  // namespace unicore::boot::multiboot2
