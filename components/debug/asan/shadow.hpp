// SPDX-License-Identifier: BSD-3-Clause
/// The shadow: a byte for each granule of 8 bytes. 0 says that all of them may be accessed, 1 to 7 that so many of the
/// first, anything above that none. Pages of it come into being when something is poisoned, so memory that nobody says
/// anything of costs a pointer for 32 KiB.
#pragma once

#include <unicore/base/units.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace unicore::debug::asan {

class Shadow {
public:
    static constexpr std::size_t granule = 8;
    static constexpr std::size_t cover = granule * page_size;  ///< bytes that a page of shadow stands for
    /// A page of shadow, or null: nothing is poisoned there.
    using Entry = std::atomic<std::uint8_t*>;

    /// Memory from the `first` multiple of `cover` on, `count` of them.
    struct Window {
        std::uintptr_t first;
        std::size_t count;
        Entry* pages;
    };
    static constexpr Window window_of(MemoryRange range) noexcept {
        const std::uintptr_t first = range.base / cover;
        return {first, (range.base + (range.size - 1)) / cover - first + 1, nullptr};
    }

    /// Makes room for `window` in those that are wanted: joins it to one that is near, or adds it. False: there are too many.
    bool want(Window window) noexcept;
    bool covers(std::uintptr_t address) const noexcept { return find_window(address / cover) != nullptr; }
    /// Pointers that all windows need.
    std::size_t entries() const noexcept;
    /// Begins, with room for so many pointers and then for pages of shadow, page-aligned. Nothing is poisoned.
    void begin(Entry* directory, std::byte* pages, std::size_t count) noexcept;

    /// A page for something else that lives as long; null for none. Context: any.
    std::byte* take_page() noexcept;

    /// As poison::set and poison::clear have it.
    void poison(std::uintptr_t first, std::size_t size, std::uint8_t kind) noexcept;
    void clear(std::uintptr_t first, std::size_t size) noexcept;
    /// Sets the bytes of `count` granules from that of `address` on, as they are.
    void set(std::uintptr_t address, std::size_t count, std::uint8_t value) noexcept;

    std::uint8_t at(std::uintptr_t address) const noexcept {
        const std::uint8_t* const page = page_of(address);
        return page == nullptr ? 0 : page[index(address)];
    }
    /// Whether something of this may not be accessed. Every access of an image waits for it: what is within a granule of the
    /// largest window, and fine, takes a dozen instructions.
    template <std::size_t size>
    [[gnu::always_inline]] bool forbids(std::uintptr_t first) const noexcept {
        const std::uintptr_t number = first / cover - main_.first;
        const std::size_t offset = first % granule, place = index(first);
        if (number >= main_.count || offset + size > granule) [[unlikely]] return forbids_some(first, size);
        const std::uint8_t* const page = main_.pages[number].load(std::memory_order_relaxed);
        if (page == nullptr) return false;
        const std::uint8_t value = page[place];
        return value != 0 && (value >= granule || offset + size > value);
    }
    /// The first address of [first, first + size) that may not be accessed; 0 for none.
    std::uintptr_t find(std::uintptr_t first, std::size_t size) const noexcept;
    /// Clears what functions left on the stack from `first` on, `size` bytes at most, and until there is nothing of
    /// theirs for 256 KiB: see __asan_handle_no_return.
    void clear_stack(std::uintptr_t first, std::size_t size) noexcept;

private:
    static constexpr std::size_t most_windows = 6;

    static constexpr std::size_t index(std::uintptr_t address) noexcept { return address % cover / granule; }
    const Window* find_window(std::uintptr_t number) const noexcept {
        if (number - main_.first < main_.count) [[likely]] return &main_;
        for (const Window& window : windows_)
            if (number - window.first < window.count) return &window;
        return nullptr;
    }
    Entry* entry_of(std::uintptr_t address) const noexcept {
        const std::uintptr_t number = address / cover;
        const Window* const window = find_window(number);
        return window == nullptr || window->pages == nullptr ? nullptr : &window->pages[number - window->first];
    }
    std::uint8_t* page_of(std::uintptr_t address) const noexcept {
        const Entry* const entry = entry_of(address);
        return entry == nullptr ? nullptr : entry->load(std::memory_order_relaxed);
    }
    bool forbids_some(std::uintptr_t first, std::size_t size) const noexcept;
    std::uint8_t* make_page(std::uintptr_t address) noexcept;

    std::array<Window, most_windows> windows_{};
    Window main_{};  ///< the largest of them, once it has begun
    std::byte* spare_ = nullptr;  ///< pages that are not in use yet
    std::size_t spares_ = 0;
    std::atomic<std::size_t> used_ = 0;
};

}  // namespace unicore::debug::asan
