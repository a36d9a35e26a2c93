// SPDX-License-Identifier: BSD-3-Clause
#include "shadow.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace unicore::debug::asan {
namespace {

/// A word of shadow: not by memcpy, which is a call here, and instrumented.
std::uint64_t load(const std::uint8_t* place) noexcept {
    using Word [[gnu::may_alias]] = std::uint64_t;
    return *reinterpret_cast<const Word*>(place);
}

/// Frames with zones are no farther apart on a stack: where there is none for so long, it ends.
constexpr std::size_t most_between = std::size_t{256} << 10;

/// Windows that are no farther apart become one: a search less for each access.
constexpr std::size_t near = (std::size_t{128} << 20) / Shadow::cover;

/// What functions say of their own frames. [LLVM 19, AddressSanitizer.cpp, ASanStackFrameLayout.h]
constexpr bool of_stack(std::uint8_t value) noexcept {
    return (value >= 0xf1 && value <= 0xf5) || value == 0xf8 || value == 0xca || value == 0xcb;
}

/// Where the page of shadow for `address` ends, or `end`, which is not in front.
constexpr std::uintptr_t limit_of(std::uintptr_t address, std::uintptr_t end) noexcept {
    const std::uintptr_t room = Shadow::cover - address % Shadow::cover;
    return end - address < room ? end : address + room;
}

/// Of frames there are few bytes at a time: not by a call, of what may have checks itself.
void fill(std::uint8_t* first, std::uint8_t value, std::size_t count) noexcept {
    if (count > 32) std::memset(first, value, count);
    else
        for (volatile std::uint8_t* byte = first; count != 0; --count) *byte++ = value;
}

/// The end of a range, which does not go round the end of all addresses.
constexpr std::uintptr_t end_of(std::uintptr_t first, std::size_t size) noexcept {
    return size > std::numeric_limits<std::uintptr_t>::max() - first ? std::numeric_limits<std::uintptr_t>::max() : first + size;
}

}  // namespace

bool Shadow::want(Window added) noexcept {
    for (Window& window : windows_) {
        if (window.count == 0) {
            window = added;
            return true;
        }
        const std::uintptr_t end = window.first + window.count, added_end = added.first + added.count;
        if ((added.first > end && added.first - end > near) || (window.first > added_end && window.first - added_end > near))
            continue;
        window.first = std::min(window.first, added.first);
        window.count = std::max(end, added_end) - window.first;
        return true;
    }
    return false;
}

std::size_t Shadow::entries() const noexcept {
    std::size_t sum = 0;
    for (const Window& window : windows_) sum += window.count;
    return sum;
}

void Shadow::begin(Entry* directory, std::byte* pages, std::size_t count) noexcept {
    std::memset(static_cast<void*>(directory), 0, entries() * sizeof(Entry));
    spare_ = pages;
    spares_ = count;
    for (Window& window : windows_) {
        window.pages = directory;
        directory += window.count;
        if (window.count > main_.count) main_ = window;
    }
}

std::byte* Shadow::take_page() noexcept {
    if (used_.load(std::memory_order_relaxed) >= spares_) return nullptr;
    const std::size_t number = used_.fetch_add(1, std::memory_order_relaxed);
    if (number >= spares_) return nullptr;
    std::byte* const page = spare_ + number * page_size;
    std::memset(page, 0, page_size);
    return page;
}

std::uint8_t* Shadow::make_page(std::uintptr_t address) noexcept {
    Entry* const entry = entry_of(address);
    if (entry == nullptr) return nullptr;
    std::uint8_t* page = entry->load(std::memory_order_relaxed);
    if (page != nullptr) return page;
    auto* const made = reinterpret_cast<std::uint8_t*>(take_page());
    if (made == nullptr) return nullptr;
    // An interrupt may have made one meanwhile, and said something in it; ours is lost then.
    return entry->compare_exchange_strong(page, made, std::memory_order_relaxed) ? made : page;
}

void Shadow::set(std::uintptr_t address, std::size_t count, std::uint8_t value) noexcept {
    const std::uintptr_t end = end_of(align_down(address, granule), count * granule);
    while (address < end) {
        const std::uintptr_t limit = limit_of(address, end);
        std::uint8_t* const page = value == 0 ? page_of(address) : make_page(address);
        if (page != nullptr) fill(page + index(address), value, (limit - address + granule - 1) / granule);
        address = limit;
    }
}

void Shadow::poison(std::uintptr_t first, std::size_t size, std::uint8_t kind) noexcept {
    if (size == 0) return;
    const std::uintptr_t end = end_of(first, size);
    if (const std::size_t before = first % granule; before != 0) {
        const std::uintptr_t start = first - before;
        const std::uint8_t now = at(start);
        const std::size_t accessible = now == 0 ? granule : now < granule ? now : 0;
        if (accessible > before && end - start >= accessible) set(start, 1, static_cast<std::uint8_t>(before));
        if (end - start <= granule) return;
        first = start + granule;
    }
    const std::uintptr_t whole = align_down(end, granule);
    set(first, (whole - first) / granule, kind);
    if (end == whole) return;
    const std::uint8_t now = at(whole);
    if (now != 0 && now <= end - whole) set(whole, 1, kind);
}

void Shadow::clear(std::uintptr_t first, std::size_t size) noexcept {
    if (size == 0) return;
    const std::uintptr_t end = end_of(first, size);
    const std::uintptr_t whole = align_down(end, granule);
    first = align_down(first, granule);
    set(first, (whole - first) / granule, 0);
    const std::uint8_t now = at(whole);
    if (end != whole && now != 0 && (now >= granule || now < end - whole)) set(whole, 1, static_cast<std::uint8_t>(end - whole));
}

std::uintptr_t Shadow::find(std::uintptr_t address, std::size_t size) const noexcept {
    const std::uintptr_t end = end_of(address, size);
    while (address < end) {
        const std::uintptr_t limit = limit_of(address, end);
        const std::uint8_t* const page = page_of(address);
        if (page == nullptr) {
            address = limit;
            continue;
        }
        while (address < limit) {
            const std::size_t place = index(address);
            std::uint64_t many;
            if (place % sizeof many == 0 && limit - address >= granule * sizeof many) {
                many = load(page + place);
                if (many == 0) {
                    address = align_down(address, granule) + granule * sizeof many;
                    continue;
                }
            }
            const std::uintptr_t start = align_down(address, granule);
            const std::size_t wanted = std::min<std::size_t>(limit - start, granule);
            const std::uint8_t value = page[place];
            if (value >= granule) return address;
            if (value != 0 && wanted > value) return std::max<std::uintptr_t>(address, start + value);
            address = start + granule;
        }
        address = limit;
    }
    return 0;
}

/// Wherever it is, and across granules.
bool Shadow::forbids_some(std::uintptr_t first, std::size_t size) const noexcept {
    const std::size_t end = first % cover + size;
    if (end > cover) [[unlikely]] return find(first, size) != 0;
    const std::uint8_t* const page = page_of(first);
    if (page == nullptr) return false;
    const std::size_t last = (end - 1) / granule;
    for (std::size_t place = index(first); place != last; ++place)
        if (page[place] != 0) return true;
    return page[last] != 0 && (page[last] >= granule || (end - 1) % granule >= page[last]);
}

void Shadow::clear_stack(std::uintptr_t first, std::size_t size) noexcept {
    const std::uintptr_t end = end_of(align_down(first, granule), size);
    std::uintptr_t last = align_down(first, granule);  // where a frame was found
    for (std::uintptr_t address = last; address < end && address - last < most_between;) {
        const std::uintptr_t limit = limit_of(address, end);
        std::uint8_t* const page = page_of(address);
        if (page == nullptr) {
            address = limit;
            continue;
        }
        for (; address < limit && address - last < most_between; address += granule) {
            const std::size_t place = index(address);
            if (std::uint64_t many; place % sizeof many == 0) {
                many = load(page + place);
                if (many == 0) {
                    address += (sizeof many - 1) * granule;
                    continue;
                }
            }
            std::uint8_t& value = page[place];
            if (value != 0) last = address;
            // Behind the end of a variable, which may be in the middle of a granule, there is a zone.
            if (of_stack(value) || (value != 0 && value < granule && of_stack(at(address + granule)))) value = 0;
        }
    }
}

}  // namespace unicore::debug::asan
