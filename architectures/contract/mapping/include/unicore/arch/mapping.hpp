// SPDX-License-Identifier: BSD-3-Clause
/// Mappings, on architectures with page tables. Defined by the selected architecture.
#pragma once

#include <unicore/arch/impl/mapping.hpp>  // the selected architecture's: mapping_end, where what can be mapped ends
#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>

#include <cstddef>
#include <cstdint>

namespace unicore::arch {

/// What a mapping allows. There is no writable and executable one.
enum class Access : std::uint8_t { read, read_write, device };

/// Maps physical memory at the virtual address of the same value, in 2 MiB pages where it can and
/// 4 KiB pages else. Page-aligned. Pages that are mapped already keep what they allow.
/// `device` is read-write and uncached.
/// Context: thread or masked. Errors: out_of_memory when no frame for a page table is left;
/// out_of_range from mapping_end on.
Result<void> map(MemoryRange range, Access access) noexcept;

/// The pages around [address, address + size), as `map` has it.
inline Result<void> map_around(std::uint64_t address, std::size_t size, Access access) noexcept {
    if (address + size < address || address + size > mapping_end) return unexpected(Error::out_of_range);
    const auto first = align_down(static_cast<std::uintptr_t>(address), page_size);
    return map({first, align_up(static_cast<std::uintptr_t>(address) + size, page_size) - first}, access);
}

/// Takes away the mapping of one page, which was mapped as such and not in a 2 MiB page.
/// Context: thread or masked.
void unmap_page(std::uintptr_t address) noexcept;

/// As platform::guard and platform::unguard.
Result<void> guard(MemoryRange stack, std::byte* (*take_page)() noexcept) noexcept;
inline void unguard(std::uintptr_t page) noexcept {
    static_cast<void>(map({page, page_size}, Access::read_write));  // its table is there
}

/// As platform::first_stack, where the image brings it.
inline MemoryRange first_stack() noexcept {
    extern const std::byte first[] __asm__("unicore_stack_first"), end[] __asm__("unicore_stack_top");
    const auto base = reinterpret_cast<std::uintptr_t>(first);
    return {base, reinterpret_cast<std::uintptr_t>(end) - base};
}

/// Fills the reserve of frames for page tables with those that the image has for it. At the start.
void add_spare_frames() noexcept;
/// Fills it up from the front of `pages`, of which one is left at least: page-aligned, mapped read-write.
void add_table_frames(MemoryRange& pages) noexcept;

/// platform::commit where memory is mapped when it is wanted, and yields the frames for its tables.
inline Result<MemoryRange> commit(MemoryRange range) noexcept {
    if (const auto mapped = map(range, Access::read_write); !mapped) return unexpected(mapped.error());
    add_table_frames(range);
    return range;
}

}  // namespace unicore::arch
