// SPDX-License-Identifier: BSD-3-Clause
// operator new and delete in all forms, over memory.heap. [ISO C++23, new.delete]
#include <unicore/memory/heap.hpp>

#include <cstddef>
#include <new>

using unicore::memory::heap::allocate;
using unicore::memory::heap::default_alignment;
using unicore::memory::heap::release;

namespace {

void* take(std::size_t size, std::size_t alignment) {
    for (;;) {
        if (const auto block = allocate(size, alignment)) [[likely]] return *block;
        const std::new_handler handler = std::get_new_handler();
        if (handler == nullptr) throw std::bad_alloc();
        handler();
    }
}

void* take(std::size_t size, std::align_val_t alignment) { return take(size, static_cast<std::size_t>(alignment)); }

template <typename... More>
void* try_take(std::size_t size, More... more) noexcept {
    try {
        return ::operator new(size, more...);
    } catch (...) {
        return nullptr;
    }
}

}  // namespace

namespace std {

const nothrow_t nothrow{};

[[noreturn]] void __throw_bad_alloc() { throw bad_alloc(); }

}  // namespace std

void* operator new(std::size_t size) { return take(size, default_alignment); }
void* operator new[](std::size_t size) { return ::operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return try_take(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return try_take(size); }
void* operator new(std::size_t size, std::align_val_t alignment) { return take(size, alignment); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return ::operator new(size, alignment); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return try_take(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return try_take(size, alignment);
}

void operator delete(void* block) noexcept { release(block); }
void operator delete[](void* block) noexcept { ::operator delete(block); }
void operator delete(void* block, std::size_t) noexcept { ::operator delete(block); }
void operator delete[](void* block, std::size_t) noexcept { ::operator delete[](block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { ::operator delete(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { ::operator delete[](block); }
void operator delete(void* block, std::align_val_t) noexcept { release(block); }
void operator delete[](void* block, std::align_val_t alignment) noexcept { ::operator delete(block, alignment); }
void operator delete(void* block, std::size_t, std::align_val_t alignment) noexcept { ::operator delete(block, alignment); }
void operator delete[](void* block, std::size_t, std::align_val_t alignment) noexcept {
    ::operator delete[](block, alignment);
}
void operator delete(void* block, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    ::operator delete(block, alignment);
}
void operator delete[](void* block, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    ::operator delete[](block, alignment);
}
