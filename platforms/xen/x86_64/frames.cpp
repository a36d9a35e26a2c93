// SPDX-License-Identifier: BSD-3-Clause
// What stands behind a page of ours: in a PV domain a machine frame, by page tables that the hypervisor checks.
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

#include <array>

extern "C" std::byte unicore_image_first[], unicore_image_end[];

namespace unicore::platform::xen {
namespace {

namespace hypercall = unicore::xen::hypercall;

std::uintptr_t value(const void* page) noexcept { return reinterpret_cast<std::uintptr_t>(page); }

/// Puts a frame of the hypervisor's in the place of one of a PV domain's, which it gets.
Result<void> place(void* page, xen_pfn_t frame) noexcept {
    xen_pfn_t& ours = pv::frame_of(value(page));
    UNICORE_TRY(pv::set_entry(value(page), frame * page_size | pv::read_write));
    xen_memory_reservation old = frames::reservation(&ours, 1);
    hypercall::memory(XENMEM_decrease_reservation, old);
    ours = pv::no_frame;
    return {};
}

}  // namespace

xen_pfn_t frames::number_of(const void* page) noexcept {
    return (value(page) - (pv_domain ? value(unicore_image_first) : 0)) / page_size;
}

bool frames::take_away(void* page) noexcept { return !pv_domain || pv::set_entry(value(page), 0); }

void frames::forget(void* page) noexcept {
    if (pv_domain) pv::frame_of(value(page)) = pv::no_frame;
}

bool frames::put(void* page, xen_pfn_t frame) noexcept {
    if (!pv_domain) return true;
    if (!pv::set_entry(value(page), frame * page_size | pv::read_write)) return false;
    pv::frame_of(value(page)) = frame;
    return true;
}

void share(std::uint64_t machine_address) noexcept {
    using namespace std::string_view_literals;
    const auto done = pv_domain ? place(unicore_xen_shared_info, machine_address / page_size)
                                : frames::place(unicore_xen_shared_info, XENMAPSPACE_shared_info, 0);
    if (!done) panic("no page shared with the hypervisor"sv);
    Interrupts::save_and_mask();
}

}  // namespace unicore::platform::xen

namespace unicore::xen {

namespace pv = platform::xen::pv;
namespace frames = platform::xen::frames;
using platform::xen::pv_domain;

Result<void> guest::place_grant_frame(unsigned index, void* page) noexcept {
    if (!pv_domain) return frames::place(page, XENMAPSPACE_grant_table, index);
    constexpr unsigned most = 64;
    if (index >= most) return unexpected(Error::out_of_range);
    std::array<xen_pfn_t, most> list{};
    gnttab_setup_table operation{};
    operation.dom = DOMID_SELF;
    operation.nr_frames = index + 1;
    set_xen_guest_handle(operation.frame_list, list.data());
    if (!hypercall::grant_table(GNTTABOP_setup_table, std::span(&operation, 1)) || operation.status != GNTST_okay)
        return unexpected(Error::out_of_memory);
    return platform::xen::place(page, list[index]);
}

PageCount guest::memory() noexcept {
    const auto ranges = boot::memory_map::ranges();
    if (ranges.empty()) return {};
    // The pages of a PV domain follow each other from the image on.
    if (pv_domain) return {(ranges.back().end() - platform::xen::value(unicore_image_first)) / page_size};
    // Of a PVH domain's memory, the null page and the image are not handed out.
    std::size_t pages = 1 + pages_for(static_cast<std::size_t>(unicore_image_end - unicore_image_first)).value;
    for (const MemoryRange& range : ranges) pages += range.size / page_size;
    return {pages};
}

void guest::protect_foreign(std::span<void* const> pages) noexcept {
    if (pv_domain) pv::forbid_execution(pages);
}

xen_pfn_t guest::frame_of(const void* page) noexcept {
    return pv_domain ? pv::frame_of(platform::xen::value(page)) : frames::number_of(page);
}

}  // namespace unicore::xen

unicore::Result<unicore::MemoryRange> unicore::platform::commit(MemoryRange range) noexcept {
    return xen::pv_domain ? xen::pv::commit(range) : arch::commit(range);
}

unicore::Result<void> unicore::platform::guard(MemoryRange stack, TakePage take_page) noexcept {
    return xen::pv_domain ? xen::pv::set_entry(stack.base, 0) : arch::guard(stack, take_page);
}

unicore::MemoryRange unicore::platform::first_stack() noexcept { return arch::first_stack(); }

void unicore::platform::unguard(std::uintptr_t page) noexcept {
    using namespace std::string_view_literals;
    if (!xen::pv_domain) return arch::unguard(page);
    if (!xen::pv::set_entry(page, xen::pv::frame_of(page) * page_size | xen::pv::read_write)) panic("page refused"sv);
}
