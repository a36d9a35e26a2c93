// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/x86_64/paging.hpp>

#include <cstddef>
#include <cstdint>

namespace unicore::arch::x86_64 {

/// Frames for page tables that can be had without allocating, linked through their first words.
class FrameReserve {
public:
    static constexpr std::size_t most = 4;

    std::size_t wanted() const noexcept { return most - count_; }
    /// `frame` is mapped read-write.
    void add(std::byte* frame) noexcept {
        *reinterpret_cast<std::byte**>(frame) = first_;
        first_ = frame;
        ++count_;
    }
    /// One of them, zeroed; null for none.
    std::byte* take() noexcept;
    /// Fills up from the front of `pages`, which keeps one at least.
    void fill_from(MemoryRange& pages) noexcept;

private:
    std::byte* first_ = nullptr;
    std::size_t count_ = 0;
};

/// Page tables that map every address to itself. [Intel SDM vol. 3A, 4.5]
/// Portable: the tables lie in ordinary memory, whose address is its physical address.
class PageTables {
public:
    Result<void> map(MemoryRange range, Access access) const noexcept;
    void unmap_page(std::uintptr_t address) const noexcept;

    constexpr PageTables(std::uint64_t* root, FrameReserve& reserve) noexcept : root_(root), reserve_(reserve) {}

private:
    std::uint64_t* root_;
    FrameReserve& reserve_;
};

}  // namespace unicore::arch::x86_64
