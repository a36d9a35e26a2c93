// SPDX-License-Identifier: BSD-3-Clause
#include "pv_tables.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/x86_64/paging.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/xen/hypercall.hpp>

#include <cstring>

extern "C" {
extern std::byte unicore_image_first[], unicore_data_first[], unicore_data_end[], unicore_text_first[],
    unicore_bss_first[], unicore_guard_first[], unicore_stack_first[];
}

namespace unicore::platform::xen::pv {
using namespace std::string_view_literals;
namespace {

namespace hypercall = unicore::xen::hypercall;

constexpr std::uint64_t address_mask = 0x000f'ffff'ffff'f000;
constexpr std::uint64_t table_entry = present | writable | user | accessed | dirty;

constinit xen_pfn_t* frames = nullptr;  ///< machine frame of each of our pages
constinit const std::uint64_t* root = nullptr;
constinit MemoryRange boot_tables{};

std::uintptr_t value(const void* pointer) noexcept { return reinterpret_cast<std::uintptr_t>(pointer); }

/// Where the page lies that has machine frame `frame`, one of ours.
std::uintptr_t address_of(xen_pfn_t frame) noexcept {
    return value(unicore_image_first) + machine_to_phys_mapping[frame] * page_size;
}

/// Collects changes, so that one hypercall makes many.
class Updates {
public:
    void add(std::uint64_t entry_address, std::uint64_t entry) noexcept {
        if (count_ == most) flush();
        list_[count_++] = {entry_address | MMU_NORMAL_PT_UPDATE, entry};
    }
    void flush() noexcept {
        if (count_ != 0 && hypercall::call(__HYPERVISOR_mmu_update, list_, count_, 0, DOMID_SELF) < 0) failed_ = true;
        count_ = 0;
    }
    bool failed() const noexcept { return failed_; }

private:
    static constexpr unsigned most = 64;

    mmu_update_t list_[most];
    unsigned count_ = 0;
    bool failed_ = false;
};

/// An entry for one address: where it is, for us and for the hypervisor.
struct Place {
    const std::uint64_t* entry;
    std::uint64_t machine_address;
};

/// The entry for `address` at `level` (3 is the root's), or at a higher one whose table is missing.
Place find(std::uintptr_t address, unsigned& level) noexcept {
    const std::uint64_t* table = root;
    std::uint64_t frame = frame_of(value(root));
    for (unsigned at = 3;; --at) {
        const std::size_t index = address >> (12 + 9 * at) & 511;
        const Place place{table + index, frame * page_size + index * sizeof(std::uint64_t)};
        if (at == level || (*place.entry & present) == 0) {
            level = at;
            return place;
        }
        frame = (*place.entry & address_mask) / page_size;
        table = reinterpret_cast<const std::uint64_t*>(address_of(frame));
    }
}

void flush_translations() noexcept {
    mmuext_op operation{};
    operation.cmd = MMUEXT_TLB_FLUSH_LOCAL;
    hypercall::call(__HYPERVISOR_mmuext_op, &operation, 1, 0, DOMID_SELF);
}

std::uint64_t rights(std::uintptr_t address) noexcept {
    if (boot_tables.contains(address) || address < value(unicore_data_first)) return read_only;
    if (address >= value(unicore_text_first) && address < value(unicore_bss_first)) return execute;
    if (address >= value(unicore_guard_first) && address < value(unicore_stack_first)) return 0;
    return read_write;
}

/// Makes a page of ours, which is empty, a page table, for us to read only.
std::uint64_t make_table(const std::byte* page) noexcept {
    const std::uint64_t machine_address = frame_of(value(page)) * page_size;
    if (!set_entry(value(page), machine_address | read_only)) panic("page table refused"sv);
    return machine_address | table_entry;
}

}  // namespace

xen_pfn_t& frame_of(std::uintptr_t address) noexcept {
    return frames[(address - value(unicore_image_first)) / page_size];
}

void start(const start_info& info) noexcept {
    frames = reinterpret_cast<xen_pfn_t*>(info.mfn_list);
    root = reinterpret_cast<const std::uint64_t*>(info.pt_base);
    boot_tables = {info.pt_base, info.nr_pt_frames * page_size};
    arch::add_spare_frames();
}

void protect() noexcept {
    Updates updates;
    for (std::uintptr_t address = value(unicore_image_first);; address += page_size) {
        unsigned level = 0;
        const Place place = find(address, level);
        if (level != 0 || (*place.entry & present) == 0) break;  // the end of what the builder mapped
        const std::uint64_t right = rights(address);
        updates.add(place.machine_address, right == 0 ? 0 : (*place.entry & address_mask) | right);
    }
    updates.flush();
    if (updates.failed()) panic("page rights refused"sv);
    flush_translations();
}

void forbid_execution(std::span<void* const> pages) noexcept {
    Updates updates;
    for (const void* page : pages) {
        unsigned level = 0;
        const Place place = find(value(page), level);
        updates.add(place.machine_address, *place.entry | no_execute);
    }
    updates.flush();
    flush_translations();
}

Result<void> set_entry(std::uintptr_t address, std::uint64_t entry) noexcept {
    return hypercall::check(hypercall::call(__HYPERVISOR_update_va_mapping, address, entry, UVMF_INVLPG));
}

Result<MemoryRange> commit(MemoryRange range) noexcept {
    Updates updates;
    for (std::uintptr_t address = range.base; address != range.end() && !updates.failed();) {
        unsigned level = 0;
        const Place place = find(address, level);
        if (level == 0) {
            if ((*place.entry & present) == 0)
                updates.add(place.machine_address, frame_of(address) * page_size | read_write);
            address += page_size;
            continue;
        }
        // A table is missing: one of the reserve, else the first page that was mapped just now.
        updates.flush();
        std::byte* page = arch::x86_64::take_table_frame();
        if (page == nullptr) {
            if (range.base == address) return unexpected(Error::out_of_memory);
            page = static_cast<std::byte*>(std::memset(reinterpret_cast<void*>(range.base), 0, page_size));
            range.base += page_size;
            range.size -= page_size;
        }
        updates.add(place.machine_address, make_table(page));
        updates.flush();
    }
    updates.flush();
    if (updates.failed()) return unexpected(Error::out_of_memory);
    arch::add_table_frames(range);
    return range;
}

}  // namespace unicore::platform::xen::pv
