// SPDX-License-Identifier: BSD-3-Clause
/// What can be between callers and the provider. All of it is weak in heap.cpp, and does nothing there.
#pragma once

#include <unicore/memory/heap.hpp>
#include <unicore/memory/heap/asan.hpp>
#include <unicore/memory/heap/checks.hpp>
#include <unicore/memory/heap/provider.hpp>

namespace unicore::memory::heap {

/// Says that `size` bytes could not be had, in development builds: report/.
void report_shortage(std::size_t size) noexcept;

/// What Statistics counts: statistics.cpp's in images that read them.
void count_allocated() noexcept;
void count_reallocated() noexcept;
void count_released() noexcept;
void count_failure() noexcept;

/// Whether the provider is in the middle of a request: memory.pages asks reclaimers.
bool busy() noexcept;

/// Released blocks that the next requests of their size get: cache.cpp's in images that have it.
namespace cache {

bool exist() noexcept;
void* take(std::size_t size) noexcept;
/// Whether it was kept.
bool keep(void* block) noexcept;
/// Gives all to the provider; returns whether there were any.
bool flush() noexcept;
/// Bytes in all of them.
std::size_t held() noexcept;

}  // namespace cache

/// A provider over the provider that watches what is done to blocks: checks.cpp's in images that have it.
namespace checks {

void* allocate(std::size_t size, std::size_t alignment) noexcept;
void release(void* block) noexcept;
void* reallocate(void* block, std::size_t size) noexcept;
std::size_t usable_size(const void* block) noexcept;
Usage usage() noexcept;

}  // namespace checks

/// Below them, in images that have it (asan.cpp): says which memory is a block and which is not.
namespace asan {

void* allocate(std::size_t size, std::size_t alignment) noexcept;
void release(void* block) noexcept;
void* reallocate(void* block, std::size_t size) noexcept;
std::size_t usable_size(const void* block) noexcept;
Usage usage() noexcept;

}  // namespace asan

/// The provider, as all above it see it.
namespace below {

inline void* allocate(std::size_t size, std::size_t alignment) noexcept {
    return asan::exist() ? asan::allocate(size, alignment) : provider::allocate(size, alignment);
}
inline void release(void* block) noexcept {
    if (asan::exist()) asan::release(block);
    else provider::release(block);
}
inline void* reallocate(void* block, std::size_t size) noexcept {
    return asan::exist() ? asan::reallocate(block, size) : provider::reallocate(block, size);
}
inline std::size_t usable_size(const void* block) noexcept {
    return asan::exist() ? asan::usable_size(block) : provider::usable_size(block);
}
inline Usage usage() noexcept { return asan::exist() ? asan::usage() : provider::usage(); }

}  // namespace below

}  // namespace unicore::memory::heap
