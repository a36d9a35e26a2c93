// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/x86_64/paging.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::arch::x86_64 {

/// Page tables that map every address to itself. [Intel SDM vol. 3A, 4.5]
/// Portable: the tables lie in ordinary memory, whose address is its physical address.
class PageTables {
public:
    /// Frames for tables that can be had without allocating; see add_table_frame.
    static constexpr std::size_t reserve = 4;

    Result<void> map(MemoryRange range, Access access) noexcept;
    void unmap_page(std::uintptr_t address) noexcept;
    void add_frame(std::byte* frame) noexcept { frames_[frame_count_++] = frame; }
    std::size_t frames_wanted() const noexcept { return reserve - frame_count_; }

    constexpr explicit PageTables(std::uint64_t* root) noexcept : root_(root) {}

private:
    Result<std::uint64_t*> table_below(std::uint64_t& entry) noexcept;

    std::uint64_t* root_;
    std::array<std::byte*, reserve> frames_{};
    std::size_t frame_count_ = 0;
};

}  // namespace unicore::arch::x86_64
