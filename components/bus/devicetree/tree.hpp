// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::bus::devicetree {

/// The blob; null before open.
extern const void* blob;

/// A big-endian number of `cells` times 32 bits, at most two, at the front of `bytes`, which is shortened.
inline std::uint64_t take(std::span<const std::byte>& bytes, std::uint32_t cells) noexcept {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes.first(std::size_t{4} * cells)) value = value << 8 | std::to_integer<unsigned>(byte);
    bytes = bytes.subspan(std::size_t{4} * cells);
    return value;
}

}  // namespace unicore::bus::devicetree
