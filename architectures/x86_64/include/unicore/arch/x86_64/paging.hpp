// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>

namespace unicore::arch::x86_64 {

/// What a mapping allows. There is no writable and executable one.
enum class Access : std::uint8_t { read, read_write, device };

/// Maps physical memory at the virtual address of the same value, in 2 MiB pages where it can and
/// 4 KiB pages else. Page-aligned. Pages that are mapped already keep what they allow.
/// `device` is read-write and uncached.
/// Context: thread or masked. Errors: out_of_memory when no frame for a page table is left.
Result<void> map(MemoryRange range, Access access) noexcept;

/// Takes away the mapping of one page, which was mapped as such and not in a 2 MiB page.
/// Context: thread or masked.
void unmap_page(std::uintptr_t address) noexcept;

/// Fills the reserve of frames for page tables with those that the image has for it. At the start.
void add_spare_frames() noexcept;
/// Fills it up from the front of `pages`, of which one is left at least: page-aligned, mapped read-write.
void add_table_frames(MemoryRange& pages) noexcept;
/// One of the reserve, zeroed; null for none. For whoever makes page tables of another kind.
std::byte* take_table_frame() noexcept;

}  // namespace unicore::arch::x86_64
