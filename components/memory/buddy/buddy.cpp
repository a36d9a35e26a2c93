// SPDX-License-Identifier: BSD-3-Clause
#include "allocator.hpp"

namespace unicore::memory::buddy {
namespace {

constinit Allocator allocator;

}  // namespace

/// The boot step: notes what the platform offers, and touches none of it. Panics at the 17th range.
Result<void> start() noexcept {
    allocator.start(platform::memory());
    return {};
}

}  // namespace unicore::memory::buddy

namespace unicore::memory::pages {

using buddy::allocator;

Result<std::byte*> take(PageCount count, std::size_t alignment) noexcept {
    // Not std::has_single_bit: without a popcount instruction that is 100 bytes of code.
    const std::size_t lowest = alignment & -alignment;
    if (count.value == 0 || lowest < page_size || lowest != alignment) return unexpected(Error::invalid_argument);
    const buddy::Page first = allocator.take(count.value, alignment / page_size);
    if (first == 0) return unexpected(Error::out_of_memory);
    return reinterpret_cast<std::byte*>(first * page_size);
}

void give_back(std::byte* first, PageCount count) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(first);
    UNICORE_ASSERT(address % page_size == 0);
    allocator.give_back(address / page_size, count.value);
}

Usage usage() noexcept { return allocator.usage(); }

}  // namespace unicore::memory::pages
