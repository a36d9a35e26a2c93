// SPDX-License-Identifier: BSD-3-Clause
/// What a provider of memory.heap defines; heap.cpp is between it and the callers.
#pragma once

#include <unicore/memory/heap.hpp>
#include <unicore/memory/pages.hpp>

namespace unicore::memory::heap::provider {

/// Pages for the provider: pages::take, and meanwhile blocks that reclaimers release are kept from it.
Result<std::byte*> take_pages(PageCount count, std::size_t alignment, pages::Need need) noexcept;

/// As the interface has it, with `alignment` a power of two; null when there is no memory. While it waits for pages
/// in take_pages none of the others is called, `usable_size` and `usage` excepted. Context: thread.
void* allocate(std::size_t size, std::size_t alignment) noexcept;
/// `block` is not null, here and below.
void release(void* block) noexcept;
void* reallocate(void* block, std::size_t size) noexcept;
std::size_t usable_size(const void* block) noexcept;
Usage usage() noexcept;

}  // namespace unicore::memory::heap::provider
