// SPDX-License-Identifier: BSD-3-Clause
#include "page_tables.hpp"

#include <unicore/arch/x86_64/paging.hpp>

extern "C" {
extern std::uint64_t unicore_pml4[];
extern std::byte unicore_spare_frames[];
}

namespace unicore::arch {
namespace {

constinit x86_64::FrameReserve reserve;
constexpr x86_64::PageTables page_tables(unicore_pml4, reserve);

}  // namespace

Result<void> map(MemoryRange range, Access access) noexcept { return page_tables.map(range, access); }

void unmap_page(std::uintptr_t address) noexcept {
    page_tables.unmap_page(address);
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

Result<void> guard(MemoryRange stack, std::byte* (*take_page)() noexcept) noexcept {
    UNICORE_TRY(page_tables.split(stack, take_page, [](std::uint64_t& entry, std::uint64_t table, std::uintptr_t first) noexcept {
        entry = table;
        asm volatile("invlpg (%0)" : : "r"(first) : "memory");
    }));
    unmap_page(stack.base);
    return {};
}

void add_spare_frames() noexcept {
    MemoryRange frames{reinterpret_cast<std::uintptr_t>(unicore_spare_frames), (reserve.most + 1) * page_size};
    reserve.fill_from(frames);
}

void add_table_frames(MemoryRange& pages) noexcept { reserve.fill_from(pages); }

std::byte* x86_64::take_table_frame() noexcept { return reserve.take(); }

}  // namespace unicore::arch
