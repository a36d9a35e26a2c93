// SPDX-License-Identifier: BSD-3-Clause
/// What those who hand out memory tell debug.asan. In images without it nothing happens, and release images have not a
/// byte of it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace unicore::poison {

/// Why memory must not be accessed. The values are the shadow's, beside those that the compiler has for stacks and globals.
enum class Kind : std::uint8_t {
    user = 0xf7,           ///< somebody said so: debug.asan
    heap_front = 0xfa,     ///< in front of a block of the heap
    heap_end = 0xfb,       ///< behind it
    place = 0xfc,          ///< a place of a slab, or room in an arena, that is not handed out
    heap_released = 0xfd,  ///< a block of the heap that was released
    page = 0xfe,           ///< a page that was given back to memory.pages
};

/// From now on an access to these bytes is a mistake. Of a granule of 8 bytes only the end can be poisoned: what would need
/// more is left as it is. Context: any.
void set(const void* first, std::size_t size, Kind kind) noexcept;

/// From now on it is none. Context: any.
void clear(const void* first, std::size_t size) noexcept;

/// A block of the heap; `start` is 0 where there is none.
struct Block {
    std::uintptr_t start;
    std::size_t size;
};
/// The block that `address`, poisoned as one of the heap's kinds, was in or is beside: memory.heap.asan knows.
Block block_at(std::uintptr_t address, Kind kind) noexcept;

}  // namespace unicore::poison
