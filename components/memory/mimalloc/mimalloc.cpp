// SPDX-License-Identifier: BSD-3-Clause
// cmake/third_party/mimalloc/unicore.c has the other side of the functions in C.
#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/heap/provider.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/memory/pressure.hpp>

#include <algorithm>

extern "C" {

void* unicore_mimalloc_take(std::size_t size, std::size_t alignment);
void unicore_mimalloc_give_back(void* first, std::size_t size);

void* unicore_mimalloc_allocate(std::size_t size);
void* unicore_mimalloc_allocate_aligned(std::size_t size, std::size_t alignment);
void unicore_mimalloc_release(void* block);
void* unicore_mimalloc_reallocate(void* block, std::size_t size);
std::size_t unicore_mimalloc_usable_size(const void* block);
std::size_t unicore_mimalloc_allocated();
void unicore_mimalloc_collect();
}

namespace unicore::memory::mimalloc {
namespace {

/// The largest request, in bytes: sums of a few of them do not overflow.
constexpr std::size_t most = static_cast<std::size_t>(-1) / 8;
/// Blocks of less may be aligned to less than the interface says.
constexpr std::size_t least = heap::default_alignment;

/// What mimalloc takes at a time, aligned to its size: the recipe's.
constexpr std::size_t segment = std::size_t{2} << 20;

constinit std::size_t reserved = 0;
constinit bool taking = false;  ///< mimalloc is in the middle of something

/// Pages of mimalloc's that have no block: it keeps them for a while.
class Retired final : public pressure::Reclaimer {
public:
    void reclaim(PageCount) noexcept override {
        if (!taking) unicore_mimalloc_collect();
    }
};
constinit Retired retired;

}  // namespace

/// The boot step: what mimalloc keeps is given up when memory is short.
/// Errors: out_of_memory where not even two segments would have room, aligned as they must be.
Result<void> start() noexcept {
    if (pages::usage().total.bytes() < 2 * segment) return unexpected(Error::out_of_memory);
    pressure::add(retired);
    return {};
}

}  // namespace unicore::memory::mimalloc

using namespace unicore;
using namespace unicore::memory::mimalloc;

void* unicore_mimalloc_take(std::size_t size, std::size_t alignment) {
    taking = true;
    const auto first = memory::heap::provider::take_pages(pages_for(size), std::max(alignment, page_size),
                                                          memory::pages::Need::urgent);
    taking = false;
    if (!first) return nullptr;
    reserved += size;
    return *first;
}

void unicore_mimalloc_give_back(void* first, std::size_t size) {
    reserved -= size;
    memory::pages::give_back(static_cast<std::byte*>(first), pages_for(size));
}

namespace unicore::memory::heap {

void* provider::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > most || alignment > most) return nullptr;
    size = std::max(size, least);
    return alignment <= default_alignment ? unicore_mimalloc_allocate(size)
                                          : unicore_mimalloc_allocate_aligned(size, alignment);
}

void provider::release(void* block) noexcept { unicore_mimalloc_release(block); }

void* provider::reallocate(void* block, std::size_t size) noexcept {
    return size > most ? nullptr : unicore_mimalloc_reallocate(block, std::max(size, least));
}

std::size_t provider::usable_size(const void* block) noexcept { return unicore_mimalloc_usable_size(block); }

Usage provider::usage() noexcept { return {.reserved = reserved, .allocated = unicore_mimalloc_allocated()}; }

}  // namespace unicore::memory::heap
