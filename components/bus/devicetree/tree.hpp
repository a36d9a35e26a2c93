// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <libfdt.h>

#include <cstddef>
#include <cstdint>

namespace unicore::bus::devicetree {

/// The blob; null before open.
extern const void* blob;

/// A big-endian number of `cells` times 32 bits, at most two, at `bytes`, which is moved behind it.
inline std::uint64_t take(const std::byte*& bytes, std::uint32_t cells) noexcept {
    std::uint64_t value = 0;
    for (; cells != 0; --cells, bytes += 4)
        value = value << 32 | fdt32_ld(reinterpret_cast<const fdt32_t*>(bytes));
    return value;
}

}  // namespace unicore::bus::devicetree
