// SPDX-License-Identifier: BSD-3-Clause
#include "fake_device.hpp"

#include <unicore/memory/pages/provider.hpp>

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <utility>

namespace unicore {

std::size_t test::taken_pages = 0;
std::size_t test::pages_left = 1000;
bool test::out_of_reach = false;

namespace memory::pages::provider {

/// Each area has a page on either side that nobody may touch, and is where legacy devices reach it, which are told a
/// page number of 32 bits; the sanitizer leaves only the first 2 GiB of that.
std::byte* take(PageCount count, std::size_t alignment) noexcept {
    constexpr std::uintptr_t from = 0x2000'0000, to = 0x6000'0000;
    static std::uintptr_t hint = from;
    if (count.value > test::pages_left || alignment != page_size) return nullptr;
    const std::size_t size = count.bytes() + 2 * page_size;
    if (hint + size > to) hint = from;
    void* const wanted = test::out_of_reach ? nullptr : reinterpret_cast<void*>(std::exchange(hint, hint + size));
    void* const area = ::mmap(wanted, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED) std::abort();
    std::byte* const first = static_cast<std::byte*>(area) + page_size;
    if (::mprotect(first, count.bytes(), PROT_READ | PROT_WRITE) != 0) std::abort();
    std::memset(first, 0xa5, count.bytes());
    test::pages_left -= count.value;
    test::taken_pages += count.value;
    return first;
}

void give_back(std::byte* first, PageCount count) noexcept {
    ::munmap(first - page_size, count.bytes() + 2 * page_size);
    test::pages_left += count.value;
    test::taken_pages -= count.value;
}

Usage usage() noexcept {
    return {{test::pages_left + test::taken_pages}, {test::taken_pages}, {test::taken_pages}};
}

}  // namespace memory::pages::provider
}  // namespace unicore
