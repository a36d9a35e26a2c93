// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/tables/reserve.hpp>
#include <unicore/base/assert.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace unicore::arch::tables {

/// What the bits of an entry mean. Levels count from the root down to 0, whose entries are pages; an
/// entry of level 1 may be a large page.
/// `leaf`: what maps `address` at `level`; `table`: what points at a table. `is_leaf` is asked of present
/// entries only. `frame_of` and `table_at`: a table's physical address, and back.
template <typename T>
concept EntryFormat = requires(std::uint64_t entry, unsigned level, Access access, std::byte* frame) {
    { T::root_level } -> std::convertible_to<unsigned>;
    { T::present(entry) } noexcept -> std::same_as<bool>;
    { T::is_leaf(entry, level) } noexcept -> std::same_as<bool>;
    { T::leaf(entry, level, access) } noexcept -> std::same_as<std::uint64_t>;
    { T::table(entry) } noexcept -> std::same_as<std::uint64_t>;
    { T::frame_of(frame) } noexcept -> std::same_as<std::uint64_t>;
    { T::table_at(entry) } noexcept -> std::same_as<std::uint64_t*>;
};

/// Page tables that map every address to itself.
template <EntryFormat Format>
class PageTables {
public:
    constexpr PageTables(std::uint64_t* root, Frames& reserve) noexcept : root_(root), reserve_(reserve) {}

    /// See arch::map; whether `range` can be mapped at all is for the caller to know.
    Result<void> map(MemoryRange range, Access access) const noexcept {
        UNICORE_ASSERT(range.base % page_size == 0 && range.size % page_size == 0);
        while (range.size != 0) {
            std::uint64_t* table = root_;
            unsigned level = Format::root_level;
            std::uint64_t* entry;
            for (;; --level) {
                entry = table + index(range.base, level);
                const bool present = Format::present(*entry);
                const bool fits = level == 1 && range.base % large_page == 0 && range.size >= large_page;
                if (level == 0 || (present ? Format::is_leaf(*entry, level) : fits)) break;
                if (!present) {
                    std::byte* const frame = reserve_.take();
                    if (frame == nullptr) return unexpected(Error::out_of_memory);
                    *entry = Format::table(Format::frame_of(frame));
                }
                table = Format::table_at(*entry);
            }
            // What is mapped already, by a whole large page at most, keeps its rights. Pages of one table go on there.
            do {
                if (!Format::present(*entry)) *entry = Format::leaf(range.base, level, access);
                const std::size_t covered = page_size << 9 * level;
                const std::size_t step = std::min(covered - range.base % covered, range.size);
                range.base += step;
                range.size -= step;
                ++entry;
            } while (level == 0 && range.size != 0 && range.base % large_page != 0);
        }
        return {};
    }

    /// See arch::unmap_page; what the CPU remembers of the mapping is for the caller to end.
    void unmap_page(std::uintptr_t address) const noexcept {
        std::uint64_t* table = root_;
        for (unsigned level = Format::root_level; level != 0; --level) {
            const std::uint64_t entry = table[index(address, level)];
            UNICORE_ASSERT(Format::present(entry) && !Format::is_leaf(entry, level));
            table = Format::table_at(entry);
        }
        table[index(address, 0)] = 0;
    }

    /// Makes tables of the large pages in which `range` lies, mapped read-write, so that each page can have its own
    /// rights. Tables are of the reserve, else of `take_page`. `replace(entry, value, first)` changes the entry for the
    /// large page at `first`, and ends what the CPU remembers of it. Errors: out_of_memory.
    template <typename Replace>
    Result<void> split(MemoryRange range, std::byte* (*take_page)() noexcept, Replace replace) const noexcept {
        for (std::uintptr_t first = align_down(range.base, large_page); first < range.end(); first += large_page) {
            std::uint64_t* table = root_;
            for (unsigned level = Format::root_level; level != 1; --level) table = Format::table_at(table[index(first, level)]);
            std::uint64_t& entry = table[index(first, 1)];
            if (!Format::is_leaf(entry, 1)) continue;
            std::byte* frame = reserve_.take();
            if (frame == nullptr) {
                frame = take_page();
                if (frame == nullptr) return unexpected(Error::out_of_memory);
            }
            auto* const entries = reinterpret_cast<std::uint64_t*>(frame);
            for (std::size_t i = 0; i != 512; ++i) entries[i] = Format::leaf(first + i * page_size, 0, Access::read_write);
            replace(entry, Format::table(Format::frame_of(frame)), first);
        }
        return {};
    }

private:
    static constexpr std::size_t large_page = page_size << 9;

    static constexpr std::size_t index(std::uintptr_t address, unsigned level) noexcept {
        return address >> (12 + 9 * level) & 511;
    }

    std::uint64_t* root_;
    Frames& reserve_;
};

}  // namespace unicore::arch::tables
