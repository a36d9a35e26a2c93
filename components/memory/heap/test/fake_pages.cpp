// SPDX-License-Identifier: BSD-3-Clause
#include "fake_pages.hpp"

#include <unicore/memory/pages/provider.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace unicore::test {
namespace {

constexpr std::size_t default_limit = (64U << 20) / page_size;
constexpr std::size_t row_pages = default_limit;

struct Area {
    std::size_t count;
    bool in_row;
};
/// Not freed at exit: areas that were not given back are then.
std::map<std::byte*, Area>& areas() {
    static auto* const map = new std::map<std::byte*, Area>;
    return *map;
}
std::byte* row = nullptr;
std::size_t row_used = 0;

}  // namespace

FakePages fake_pages{default_limit, 0, 0, false, nullptr};

void reset_fake_pages() {
    fake_pages.limit = default_limit;
    fake_pages.adjacent = false;
    fake_pages.refuse = nullptr;
}

}  // namespace unicore::test

namespace unicore::memory::pages {

using namespace test;

std::byte* provider::take(PageCount count, std::size_t alignment) noexcept {
    const std::size_t n = count.value;
    if (n > fake_pages.limit || fake_pages.taken > fake_pages.limit - n || (fake_pages.refuse && fake_pages.refuse(n)))
        return nullptr;
    std::byte* first = nullptr;
    if (fake_pages.adjacent) {
        if (row == nullptr) row = static_cast<std::byte*>(std::aligned_alloc(page_size, row_pages * page_size));
        if (n > row_pages - row_used) return nullptr;
        first = row + row_used * page_size;
        row_used += n;
    } else {
        first = static_cast<std::byte*>(std::aligned_alloc(alignment, n * page_size));
    }
    std::fill_n(first, n * page_size, std::byte{0xA5});
    areas()[first] = {n, fake_pages.adjacent};
    fake_pages.taken += n;
    ++fake_pages.takes;
    return first;
}

void provider::give_back(std::byte* first, PageCount count) noexcept {
    const auto area = areas().find(first);
    if (area == areas().end() || area->second.count != count.value) {
        std::fprintf(stderr, "fake pages: not an area that was taken\n");
        std::abort();
    }
    if (!area->second.in_row) std::free(first);
    areas().erase(area);
    fake_pages.taken -= count.value;
}

Usage provider::usage() noexcept {
    return {PageCount{fake_pages.limit}, PageCount{fake_pages.taken}, PageCount{fake_pages.taken}};
}

}  // namespace unicore::memory::pages
