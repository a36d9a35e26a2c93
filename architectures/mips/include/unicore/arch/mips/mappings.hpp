// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

/// What is mapped, as a list of ranges: MIPS walks no tables, software fills the TLB, so any form will do.
namespace unicore::arch::mips {

/// EntryLo0 and EntryLo1, but for the frame. [MIPS32 volume III, EntryLo0, EntryLo1]
namespace rights {
inline constexpr std::uint32_t global = 1 << 0, valid = 1 << 1, dirty = 1 << 2;
inline constexpr std::uint32_t uncached = 2 << 3, cached = 3 << 3;
inline constexpr std::uint32_t execute_inhibit = 1u << 30;

inline constexpr std::uint32_t read_execute = global | valid | cached;
inline constexpr std::uint32_t read = read_execute | execute_inhibit;
inline constexpr std::uint32_t read_write = read | dirty;
inline constexpr std::uint32_t device = global | valid | dirty | uncached | execute_inhibit;
}  // namespace rights

/// An entry of the TLB, as the registers take it: two pages of one size, side by side.
struct TlbEntry {
    std::uint32_t high;    ///< EntryHi: the first one's address
    std::uint32_t mask;    ///< PageMask
    std::uint32_t low[2];  ///< EntryLo0, EntryLo1
};

/// Addresses from `first` up to `end`, whole pages.
struct Mapping {
    std::uint32_t first, end;
    std::uint32_t rights;

    constexpr bool contains(std::uint32_t address) const noexcept { return address - first < end - first; }
};

/// The physical address behind a virtual one: the same in the lower half, where memory and devices are; above, where
/// the image is, without the upper three bits, as kseg0 and kseg1 have it. [MIPS32 volume III, virtual memory]
constexpr std::uint32_t physical(std::uint32_t address) noexcept {
    return address >> 31 == 0 ? address : address & 0x1fff'ffff;
}

/// entry.S writes the first ones, and knows where things are. What searches it runs where nothing else is mapped, so
/// that is compiled into its caller. Nothing may search what is being changed.
struct Mappings {
    static constexpr std::size_t most = 24;
    static constexpr std::uint32_t smallest_page = 4096, largest_page = 16 * 1024 * 1024;

    Mapping list[most];
    std::uint32_t count;

    [[gnu::always_inline]] constexpr const Mapping* find(std::uint32_t address) const noexcept {
        for (std::uint32_t i = 0; i != count; ++i)
            if (list[i].contains(address)) return list + i;
        return nullptr;
    }

    /// What the TLB is to hold for `address`; nothing where that is not mapped. Pages are as large as the mapping lets
    /// a pair of them be, each four times the size of the next smaller: so no two entries ever overlap.
    [[gnu::always_inline]] constexpr std::optional<TlbEntry> entry_for(std::uint32_t address) const noexcept {
        const Mapping* const found = find(address);
        if (found == nullptr) return std::nullopt;
        std::uint32_t page = 0;
        for (std::uint32_t next = smallest_page; next <= largest_page; next *= 4) {
            const std::uint32_t pair = address & ~(2 * next - 1);
            if (pair < found->first || found->end - pair < 2 * next) break;
            page = next;
        }
        if (page != 0) {
            const std::uint32_t pair = address & ~(2 * page - 1);
            const std::uint32_t mask = 2 * page - 2 * smallest_page;
            return TlbEntry{pair, mask, {low(pair, found->rights), low(pair + page, found->rights)}};
        }
        const std::uint32_t pair = address & ~(2 * smallest_page - 1);
        const Mapping* const halves[] = {find(pair), find(pair + smallest_page)};
        TlbEntry entry{pair, 0, {rights::global, rights::global}};
        for (std::uint32_t i = 0; i != 2; ++i)
            if (halves[i] != nullptr) entry.low[i] = low(pair + i * smallest_page, halves[i]->rights);
        return entry;
    }

    /// Adds [first, end), but for what is mapped already. False when there is no room, with a part of it added.
    constexpr bool add(std::uint32_t first, std::uint32_t end, std::uint32_t rights) noexcept {
        while (first != end) {
            if (const Mapping* const there = find(first)) {
                first = std::min(end, there->end);
                continue;
            }
            std::uint32_t next = end;
            for (std::uint32_t i = 0; i != count; ++i)
                if (list[i].first > first) next = std::min(next, list[i].first);
            if (!join({first, next, rights})) return false;
            first = next;
        }
        return true;
    }

    /// Whether one more can be parted, and some are left for devices.
    constexpr bool spare() const noexcept { return most - count > most / 3; }

    /// Takes one page out. False when it would part a mapping and there is no room for another.
    constexpr bool remove(std::uint32_t page) noexcept {
        auto* const found = const_cast<Mapping*>(find(page));
        if (found == nullptr) return true;
        const std::uint32_t behind = page + smallest_page;
        if (found->first == page) {
            found->first = behind;
        } else if (found->end == behind) {
            found->end = page;
        } else {
            if (count == most) return false;
            list[count++] = {behind, found->end, found->rights};
            found->end = page;
        }
        if (found->first == found->end) *found = list[--count];
        return true;
    }

private:
    [[gnu::always_inline]] static constexpr std::uint32_t low(std::uint32_t address, std::uint32_t rights) noexcept {
        return physical(address) >> 6 | rights;
    }

    /// Makes neighbours with the same rights one.
    constexpr bool join(Mapping mapping) noexcept {
        for (std::uint32_t i = 0; i != count;) {
            const Mapping& other = list[i];
            const bool before = other.end == mapping.first, after = other.first == mapping.end;
            if (other.rights != mapping.rights || !(before || after)) {
                ++i;
                continue;
            }
            mapping.first = std::min(mapping.first, other.first);
            mapping.end = std::max(mapping.end, other.end);
            list[i] = list[--count];
        }
        if (count == most) return false;
        list[count++] = mapping;
        return true;
    }
};

}  // namespace unicore::arch::mips
