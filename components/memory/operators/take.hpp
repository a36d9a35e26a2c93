// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/memory/heap.hpp>

namespace unicore::memory::operators {

/// Memory for `operator new`. It may not return null and, without exceptions, cannot throw: where
/// there is no memory the image ends, with a message that says how much was wanted.
void* take(std::size_t size, std::size_t alignment) noexcept;

/// Memory for `operator new(std::nothrow)`: null when there is none.
inline void* try_take(std::size_t size, std::size_t alignment) noexcept {
    return heap::allocate(size, alignment).value_or(nullptr);
}

}  // namespace unicore::memory::operators
