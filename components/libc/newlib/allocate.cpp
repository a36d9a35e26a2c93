// SPDX-License-Identifier: BSD-3-Clause
// malloc and its family, over memory.heap. [ISO C17, 7.22.3; POSIX.1-2017, posix_memalign]
#include "reent.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/log.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/heap.hpp>

#include <bit>
#include <cstddef>
#include <cstring>

#include <stdlib.h>

using namespace unicore;

namespace {

constexpr log::Logger<"libc.newlib"> log;

/// Development images say so: programs that do not expect it end in many ways, none of which names memory.
void report(Error error, std::size_t size) noexcept {
    const auto message = [&](auto& line) { line << to_string(error) << ": " << size << " bytes wanted"; };
    if constexpr (development) log.warning(message);
    else log.info(message);
}

/// The block, or null with errno set.
void* answer(_reent* reent, const Result<void*>& block, std::size_t size) noexcept {
    if (block) [[likely]] return *block;
    report(block.error(), size);
    reent->_errno = libc::newlib::to_errno(block.error());
    return nullptr;
}

void* allocate(_reent* reent, std::size_t size, std::size_t alignment) noexcept {
    return answer(reent, memory::heap::allocate(size, alignment), size);
}

}  // namespace

extern "C" {

void* _malloc_r(_reent* reent, std::size_t size) { return allocate(reent, size, memory::heap::default_alignment); }

void* _calloc_r(_reent* reent, std::size_t count, std::size_t size) {
    std::size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        report(Error::out_of_memory, ~std::size_t{0});
        reent->_errno = ENOMEM;
        return nullptr;
    }
    void* const block = _malloc_r(reent, bytes);
    return block != nullptr ? std::memset(block, 0, bytes) : nullptr;
}

void* _realloc_r(_reent* reent, void* block, std::size_t size) {
    return answer(reent, memory::heap::reallocate(block, size), size);
}

void _free_r(_reent*, void* block) { memory::heap::release(block); }

void* _memalign_r(_reent* reent, std::size_t alignment, std::size_t size) { return allocate(reent, size, alignment); }

void* malloc(std::size_t size) { return _malloc_r(_REENT, size); }
void* calloc(std::size_t count, std::size_t size) { return _calloc_r(_REENT, count, size); }
void* realloc(void* block, std::size_t size) { return _realloc_r(_REENT, block, size); }
void free(void* block) { memory::heap::release(block); }

/// Alignments that are no power of two are refused with EINVAL.
void* aligned_alloc(std::size_t alignment, std::size_t size) { return allocate(_REENT, size, alignment); }
void* memalign(std::size_t alignment, std::size_t size) { return allocate(_REENT, size, alignment); }
void* valloc(std::size_t size) { return allocate(_REENT, size, page_size); }

/// Returns its error and leaves errno as it is.
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
    if (alignment % sizeof(void*) != 0 || !std::has_single_bit(alignment)) return EINVAL;
    const auto block = memory::heap::allocate(size, alignment);
    if (!block) {
        report(block.error(), size);
        return ENOMEM;
    }
    *out = *block;
    return 0;
}

std::size_t malloc_usable_size(void* block) { return block != nullptr ? memory::heap::usable_size(block) : 0; }

}  // extern "C"
