// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/interrupt_flag.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/arch/mips/cp0.hpp>
#include <unicore/arch/mips/mappings.hpp>
#include <unicore/arch/mips/start.hpp>
#include <unicore/base/panic.hpp>

#include <cstddef>
#include <string_view>

extern "C" {
extern std::byte unicore_image_first[], unicore_image_end[];
// In the resident page, entry.S begins the first one. The TLB is filled from the current one.
extern unicore::arch::mips::Mappings unicore_mappings[2];
extern unicore::arch::mips::Mappings* unicore_current_mappings;
void unicore_forget_tlb() noexcept;  // vectors.S
}

namespace unicore::arch {
using namespace std::string_view_literals;

static_assert(sizeof(mips::Mapping) == 12 && offsetof(mips::Mappings, count) == 288 &&
                  sizeof(mips::Mappings) == 292,
              "entry.S and image.lds know the layout");

namespace {

/// Changes what is mapped, as one step: what changes it may miss a page meanwhile, its own stack's or text's. False, and
/// nothing is changed, where `change` says so.
template <typename Change>
bool change_mappings(Change change) noexcept {
    const InterruptFlag::State saved = InterruptFlag::save_and_mask();
    mips::Mappings* const next = unicore_mappings + (unicore_current_mappings == unicore_mappings ? 1 : 0);
    *next = *unicore_current_mappings;
    const bool changed = change(*next);
    if (changed) {
        asm volatile("" : : : "memory");  // all of it is there before it is the current one
        unicore_current_mappings = next;
        unicore_forget_tlb();  // of a pair of pages, it may remember that one was not there
    }
    InterruptFlag::restore(saved);
    return changed;
}

}  // namespace

/// When the TLB has nothing for an address: false when nothing is mapped there. Runs in the resident pages and may
/// reach nothing else.
extern "C" [[gnu::section(".text.unicore_resident")]] bool unicore_refill() noexcept {
    const auto entry = unicore_current_mappings->entry_for(mips::BadVAddr::read());
    if (!entry) return false;
    mips::EntryHi::write(entry->high);
    mips::PageMask::write(entry->mask);
    mips::EntryLo0::write(entry->low[0]);
    mips::EntryLo1::write(entry->low[1]);
    asm volatile("tlbwr" : : : "memory");
    return true;
}

Result<void> map(MemoryRange range, Access access) noexcept {
    constexpr std::uint32_t rights[] = {mips::rights::read, mips::rights::read_write, mips::rights::device};
    if (range.base >= mapping_end || range.size > mapping_end - range.base) return unexpected(Error::out_of_range);
    const mips::Mapping* const there = unicore_current_mappings->find(range.base);
    if (there != nullptr && there->end - range.base >= range.size) return {};  // and keeps what it allows
    const bool added = change_mappings([&](mips::Mappings& mappings) noexcept {
        return mappings.add(range.base, range.end(), rights[static_cast<unsigned>(access)]);
    });
    if (!added) return unexpected(Error::out_of_memory);
    return {};
}

void unmap_page(std::uintptr_t address) noexcept {
    if (!change_mappings([&](mips::Mappings& mappings) noexcept { return mappings.remove(address); }))
        panic("too many mappings"sv);
}

Result<void> guard(MemoryRange stack, std::byte* (*)() noexcept) noexcept {
    if (!change_mappings([&](mips::Mappings& mappings) noexcept { return mappings.spare() && mappings.remove(stack.base); }))
        return unexpected(Error::out_of_memory);
    return {};
}

void add_spare_frames() noexcept {}  // there are no tables
void add_table_frames(MemoryRange&) noexcept {}

void mips::require_protection() noexcept {
    constexpr std::uint32_t more = 1u << 31, execute_inhibit = 1 << 12, segmentation = 1 << 25;  // M, RXI, SC
    constexpr std::uint32_t needed = execute_inhibit | segmentation;
    const bool told = (Config1::read() & Config2::read() & more) != 0;
    if (!told || (Config3::read() & needed) != needed)
        panic("this CPU cannot keep data from being executed (Config3.RXI and Config3.SC are needed)"sv);
}

MemoryRange mips::loaded_image() noexcept {
    return {physical(reinterpret_cast<std::uintptr_t>(unicore_image_first)),
            static_cast<std::size_t>(unicore_image_end - unicore_image_first)};
}

}  // namespace unicore::arch
