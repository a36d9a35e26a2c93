// SPDX-License-Identifier: BSD-3-Clause
#include "page_tables.hpp"

extern "C" std::uint64_t unicore_pml4[];

namespace unicore::arch::x86_64 {
namespace {

constinit PageTables tables(unicore_pml4);

}  // namespace

Result<void> map(MemoryRange range, Access access) noexcept { return tables.map(range, access); }

void unmap_page(std::uintptr_t address) noexcept {
    tables.unmap_page(address);
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

void add_table_frame(std::byte* frame) noexcept { tables.add_frame(frame); }

std::size_t table_frames_wanted() noexcept { return tables.frames_wanted(); }

}  // namespace unicore::arch::x86_64
