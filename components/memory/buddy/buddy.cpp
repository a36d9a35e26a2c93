// SPDX-License-Identifier: BSD-3-Clause
#include "allocator.hpp"

#include <unicore/memory/pages/provider.hpp>

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

std::byte* provider::take(PageCount count, std::size_t alignment) noexcept {
    return reinterpret_cast<std::byte*>(allocator.take(count.value, alignment / page_size) * page_size);
}

void provider::give_back(std::byte* first, PageCount count) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(first);
    UNICORE_ASSERT(address % page_size == 0);
    allocator.give_back(address / page_size, count.value);
}

Usage provider::usage() noexcept { return allocator.usage(); }

}  // namespace unicore::memory::pages
