// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>

namespace unicore::memory::heap {

/// What `allocate` aligns to unless told otherwise, in bytes.
inline constexpr std::size_t default_alignment = 16;

/// Takes `size` bytes aligned to `alignment`, a power of two. A size of 0 counts as 1.
/// Contents are undefined. Development builds log what cannot be had.
/// Context: thread. Errors: out_of_memory; invalid_argument for a bad alignment.
Result<void*> allocate(std::size_t size, std::size_t alignment = default_alignment) noexcept;

/// Gives a block back; null is ignored. Context: thread, inside of a reclaimer (memory.pressure) as well.
void release(void* block) noexcept;

/// Grows or shrinks a block, moving it if need be; the contents up to the smaller size stay. A null
/// block counts as none. On error the old block is untouched. The alignment is the default one.
/// Context: thread. Errors: out_of_memory.
Result<void*> reallocate(void* block, std::size_t size) noexcept;

/// The bytes that a block can hold, at least what was asked for.
std::size_t usable_size(const void* block) noexcept;

struct Usage {
    std::size_t reserved;   ///< bytes taken from memory.pages
    std::size_t allocated;  ///< bytes in live blocks, their headers excepted
};
Usage usage() noexcept;

/// What is counted in images that ask for it; the others pay nothing. Context: thread.
struct Statistics {
    std::size_t blocks;       ///< live ones
    std::size_t allocations;  ///< requests for a new block that were met
    std::size_t failures;     ///< requests that were not
    Usage peak;               ///< the most there was of each, after a request
};
Statistics statistics() noexcept;

}  // namespace unicore::memory::heap
