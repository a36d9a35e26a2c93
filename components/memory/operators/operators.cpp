// SPDX-License-Identifier: BSD-3-Clause
// The common forms. Each is a function on its own, so that an image has the ones that it uses.
#include "take.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

#include <new>

namespace unicore::memory::operators {

void* take(std::size_t size, std::size_t alignment) noexcept {
    void* const block = try_take(size, alignment);
    if (block != nullptr) return block;
    using namespace std::string_view_literals;
    text::Line line;
    line << "memory.operators: out of memory: new wanted "sv << size << " bytes"sv;
    panic(line.view());
}

}  // namespace unicore::memory::operators

using namespace unicore::memory;

void* operator new(std::size_t size) { return operators::take(size, heap::default_alignment); }
void* operator new[](std::size_t size) { return operators::take(size, heap::default_alignment); }
void operator delete(void* block) noexcept { heap::release(block); }
void operator delete[](void* block) noexcept { heap::release(block); }
void operator delete(void* block, std::size_t) noexcept { heap::release(block); }
void operator delete[](void* block, std::size_t) noexcept { heap::release(block); }

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return operators::try_take(size, heap::default_alignment);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return operators::try_take(size, heap::default_alignment);
}
void operator delete(void* block, const std::nothrow_t&) noexcept { heap::release(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { heap::release(block); }
