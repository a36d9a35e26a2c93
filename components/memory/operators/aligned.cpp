// SPDX-License-Identifier: BSD-3-Clause
// The forms for types whose alignment is larger than the default.
#include "take.hpp"

#include <new>

using namespace unicore::memory;

void* operator new(std::size_t size, std::align_val_t alignment) {
    return operators::take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return operators::take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block, std::align_val_t) noexcept { heap::release(block); }
void operator delete[](void* block, std::align_val_t) noexcept { heap::release(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { heap::release(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { heap::release(block); }

void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return operators::try_take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return operators::try_take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block, std::align_val_t, const std::nothrow_t&) noexcept { heap::release(block); }
void operator delete[](void* block, std::align_val_t, const std::nothrow_t&) noexcept { heap::release(block); }
