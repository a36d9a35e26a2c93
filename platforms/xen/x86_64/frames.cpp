// SPDX-License-Identifier: BSD-3-Clause
// Frames that come and go: the shared page, grant tables, the balloon, other domains' pages.
#include "../xen.hpp"
#include "pv_tables.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/base/units.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/hypercall.hpp>

#include <xen/grant_table.h>

#include <algorithm>
#include <array>
#include <cstring>

extern "C" std::byte unicore_image_first[], unicore_image_end[];

namespace unicore::xen {
namespace {

namespace pv = platform::xen::pv;
using platform::xen::pv_domain;

/// How many pages one hypercall gives or takes: their numbers lie on the stack.
constexpr std::size_t batch = 64;

std::uintptr_t value(const void* page) noexcept { return reinterpret_cast<std::uintptr_t>(page); }

/// A page's number by which populate_physmap names it: a PV domain's own, else its address's.
xen_pfn_t number_of(const void* page) noexcept {
    return (value(page) - (pv_domain ? value(unicore_image_first) : 0)) / page_size;
}

xen_memory_reservation reservation(xen_pfn_t* list, std::size_t count) noexcept {
    xen_memory_reservation result{};
    set_xen_guest_handle(result.extent_start, list);
    result.nr_extents = count;
    result.domid = DOMID_SELF;
    return result;
}

/// Puts a frame of the hypervisor's in the place of one of ours, which it gets.
Result<void> place(void* page, xen_pfn_t frame) noexcept {
    xen_pfn_t& ours = pv::frame_of(value(page));
    UNICORE_TRY(pv::set_entry(value(page), frame * page_size | pv::read_write));
    xen_memory_reservation old = reservation(&ours, 1);
    hypercall::memory(XENMEM_decrease_reservation, old);
    ours = pv::no_frame;
    return {};
}

Result<void> place(void* page, unsigned space, unsigned index) noexcept {
    xen_add_to_physmap operation{};
    operation.domid = DOMID_SELF;
    operation.space = space;
    operation.idx = index;
    operation.gpfn = number_of(page);
    return hypercall::perform(operation);
}

}  // namespace

Result<void> guest::place_grant_frame(unsigned index, void* page) noexcept {
    if (!pv_domain) return place(page, XENMAPSPACE_grant_table, index);
    constexpr unsigned most = 64;
    if (index >= most) return unexpected(Error::out_of_range);
    std::array<xen_pfn_t, most> frames{};
    gnttab_setup_table operation{};
    operation.dom = DOMID_SELF;
    operation.nr_frames = index + 1;
    set_xen_guest_handle(operation.frame_list, frames.data());
    if (!hypercall::grant_table(GNTTABOP_setup_table, std::span(&operation, 1)) || operation.status != GNTST_okay)
        return unexpected(Error::out_of_memory);
    return place(page, frames[index]);
}

PageCount guest::memory() noexcept {
    const auto ranges = boot::memory_map::ranges();
    if (ranges.empty()) return {};
    // The pages of a PV domain follow each other from the image on.
    if (pv_domain) return {(ranges.back().end() - value(unicore_image_first)) / page_size};
    // Of a PVH domain's memory, the null page and the image are not handed out.
    std::size_t pages = 1 + pages_for(value(unicore_image_end) - value(unicore_image_first)).value;
    for (const MemoryRange& range : ranges) pages += range.size / page_size;
    return {pages};
}

std::size_t guest::give_frames(std::span<void* const> pages) noexcept {
    std::size_t done = 0;
    while (done != pages.size()) {
        const auto next = pages.subspan(done, std::min(batch, pages.size() - done));
        std::array<xen_pfn_t, batch> list;
        std::size_t count = 0;
        for (; count != next.size(); ++count) {
            std::memset(next[count], 0, page_size);
            list[count] = guest::frame_of(next[count]);
            if (pv_domain && !pv::set_entry(value(next[count]), 0)) break;
        }
        xen_memory_reservation given = reservation(list.data(), count);
        const std::size_t gone = hypercall::memory(XENMEM_decrease_reservation, given);
        for (std::size_t i = 0; i != count && pv_domain; ++i) {
            if (i < gone) pv::frame_of(value(next[i])) = pv::no_frame;
            else static_cast<void>(pv::set_entry(value(next[i]), list[i] * page_size | pv::read_write));  // as before
        }
        done += gone;
        if (gone != next.size()) break;
    }
    return done;
}

std::size_t guest::take_frames(std::span<void* const> pages) noexcept {
    std::size_t done = 0;
    while (done != pages.size()) {
        const auto next = pages.subspan(done, std::min(batch, pages.size() - done));
        std::array<xen_pfn_t, batch> list;
        for (std::size_t i = 0; i != next.size(); ++i) list[i] = number_of(next[i]);
        xen_memory_reservation taken = reservation(list.data(), next.size());
        const std::size_t got = hypercall::memory(XENMEM_populate_physmap, taken);
        std::size_t placed = pv_domain ? 0 : got;
        for (; placed != got; ++placed) {
            if (!pv::set_entry(value(next[placed]), list[placed] * page_size | pv::read_write)) break;
            pv::frame_of(value(next[placed])) = list[placed];
        }
        // What cannot be mapped is of no use here.
        xen_memory_reservation unused = reservation(list.data() + placed, got - placed);
        if (placed != got) hypercall::memory(XENMEM_decrease_reservation, unused);
        done += placed;
        if (placed != next.size()) break;
    }
    return done;
}

void guest::protect_foreign(std::span<void* const> pages) noexcept {
    if (pv_domain) pv::forbid_execution(pages);
}

xen_pfn_t guest::frame_of(const void* page) noexcept {
    return pv_domain ? pv::frame_of(value(page)) : number_of(page);
}

}  // namespace unicore::xen

unicore::Result<unicore::MemoryRange> unicore::platform::commit(MemoryRange range) noexcept {
    return xen::pv_domain ? xen::pv::commit(range) : arch::commit(range);
}

void unicore::platform::xen::share(std::uint64_t machine_address) noexcept {
    using namespace std::string_view_literals;
    const auto done = pv_domain ? unicore::xen::place(unicore_xen_shared_info, machine_address / page_size)
                                  : unicore::xen::place(unicore_xen_shared_info, XENMAPSPACE_shared_info, 0);
    if (!done) panic("no page shared with the hypervisor"sv);
    Interrupts::save_and_mask();
}
