// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/interrupt_flag.hpp>
#include <unicore/arch/mmu.hpp>
#include <unicore/arch/start.hpp>
#include <unicore/arch/tables/long_descriptor.hpp>
#include <unicore/arch/tables/walker.hpp>

extern "C" {
extern std::uint64_t unicore_identity_root[];
extern std::byte unicore_spare_frames[];
extern std::byte unicore_image_first[], unicore_image_end[];
extern const std::byte unicore_guard_first[];
extern std::uint64_t unicore_image_tables[];
}

namespace unicore::arch {
namespace {

/// The physical addresses of the image's data minus its own.
constinit std::uintptr_t distance = 0;

constexpr std::size_t shift = page_size;  // as the linker script has it

std::uintptr_t value(const std::byte* address) noexcept { return reinterpret_cast<std::uintptr_t>(address); }

struct Format : tables::LongDescriptor {
    static constexpr unsigned root_level = 2;  // of 39 bits, or of 32, where the root has four entries in use

    static std::uint64_t frame_of(std::byte* table) noexcept { return physical_address(table); }
    static std::uint64_t* table_at(std::uint64_t entry) noexcept {
        const auto frame = static_cast<std::uintptr_t>(entry & address_mask);
        return reinterpret_cast<std::uint64_t*>(loaded_image().contains(frame) ? frame - distance : frame);
    }
};

constinit tables::FrameReserve<8> reserve;
constexpr tables::PageTables<Format> page_tables(unicore_identity_root, reserve);

}  // namespace

void start(std::uintptr_t image) noexcept {
    distance = image - value(unicore_image_first) - shift;
    add_spare_frames();
}

std::uintptr_t physical_address(const void* data) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(data);
    return address >= value(unicore_image_first) ? address + distance : address;
}

MemoryRange loaded_image() noexcept {
    return {value(unicore_image_first) + distance + shift,
            static_cast<std::size_t>(unicore_image_end - unicore_image_first) - shift};
}

Result<void> map(MemoryRange range, Access access) noexcept {
    if (range.base >= mapping_end || range.size > mapping_end - range.base) return unexpected(Error::out_of_range);
    const Result<void> done = page_tables.map(range, access);
    Mmu::written();
    return done;
}

void unmap_page(std::uintptr_t address) noexcept {
    page_tables.unmap_page(address);
    Mmu::forget(address);
}

namespace {

/// Changes an entry that maps a large page to one that points at a table. The CPU must have forgotten the one before it
/// sees the other, and between them nothing of the large page can be reached. The stack is not there: it is the image's,
/// or its own large pages have tables. But the entry's own table may be. So it is written through a page of the
/// image's, the one below the boot stack, which nothing else has a use for. [Arm DDI 0487, D8.16.1, break-before-make]
void replace(std::uint64_t& entry, std::uint64_t with, std::uintptr_t first) noexcept {
    constexpr std::size_t large_page = page_size << 9;
    const std::uintptr_t window = value(unicore_guard_first);
    std::uint64_t& shown = unicore_image_tables[(window - align_down(value(unicore_image_first), large_page)) / page_size];
    const auto place = reinterpret_cast<std::uintptr_t>(&entry);
    auto* const seen = reinterpret_cast<volatile std::uint64_t*>(window + place % page_size);
    const InterruptFlag::State saved = InterruptFlag::save_and_mask();
    shown = Format::leaf(physical_address(&entry) & Format::address_mask, 0, Access::read_write);
    Mmu::written();
    *seen = 0;
    Mmu::forget(first);
    *seen = with;
    Mmu::written();
    shown = 0;
    Mmu::forget(window);
    InterruptFlag::restore(saved);
}

}  // namespace

Result<void> guard(MemoryRange stack, std::byte* (*take_page)() noexcept) noexcept {
    UNICORE_TRY(page_tables.split(stack, take_page, replace));
    unmap_page(stack.base);
    return {};
}

void add_spare_frames() noexcept {
    MemoryRange frames{value(unicore_spare_frames), (reserve.most + 1) * page_size};
    reserve.fill_from(frames);
}

void add_table_frames(MemoryRange& pages) noexcept { reserve.fill_from(pages); }

}  // namespace unicore::arch
