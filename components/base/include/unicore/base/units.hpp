// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace unicore {

/// The unit in which memory is mapped and handed out, in bytes. All targets use 4 KiB.
inline constexpr std::size_t page_size = 4096;

/// A number of pages.
struct PageCount {
    std::size_t value{};

    constexpr std::size_t bytes() const noexcept { return value * page_size; }
    friend constexpr auto operator<=>(PageCount, PageCount) = default;
};

/// An address as the memory controller sees it. Not to be dereferenced before it is mapped.
struct PhysicalAddress {
    std::uint64_t value{};

    friend constexpr auto operator<=>(PhysicalAddress, PhysicalAddress) = default;
};

/// `value` rounded down or up to a multiple of `alignment`, a power of two.
template <typename T>
constexpr T align_down(T value, std::size_t alignment) noexcept {
    return value & ~static_cast<T>(alignment - 1);
}
template <typename T>
constexpr T align_up(T value, std::size_t alignment) noexcept {
    return align_down(static_cast<T>(value + alignment - 1), alignment);
}

/// The fewest pages that hold `bytes`. Does not overflow.
constexpr PageCount pages_for(std::size_t bytes) noexcept {
    return PageCount{bytes / page_size + (bytes % page_size != 0)};
}

/// A half-open range of addresses, [base, base + size).
struct MemoryRange {
    std::uintptr_t base{};
    std::size_t size{};

    constexpr std::uintptr_t end() const noexcept { return base + size; }
    constexpr bool contains(std::uintptr_t address) const noexcept { return address - base < size; }
    friend constexpr bool operator==(MemoryRange, MemoryRange) = default;
};

}  // namespace unicore
