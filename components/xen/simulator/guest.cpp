// SPDX-License-Identifier: BSD-3-Clause
// xen.guest for the domain whose code runs.
#include "hypervisor.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/units.hpp>
#include <unicore/xen/guest.hpp>

#include <xen/grant_table.h>
#include <xen/memory.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace unicore::xen::guest {

using simulator::DomainState;
using simulator::Hypervisor;
using simulator::Page;
using simulator::the_hypervisor;

namespace {

DomainState& self() {
    Hypervisor* const hypervisor = the_hypervisor();
    if (hypervisor == nullptr || hypervisor->current == nullptr) {
        std::fputs("a question to the hypervisor from outside of a simulated domain\n", stderr);
        std::abort();
    }
    return *hypervisor->current;
}

std::size_t page_of(const DomainState& domain, const void* address) {
    const auto page = domain.page_at(reinterpret_cast<std::uintptr_t>(address) / page_size * page_size);
    UNICORE_ASSERT(page.has_value());  // not a page of the domain
    return *page;
}

Connection connection(std::optional<simulator::Connection>& connection, std::size_t page) {
    if (!connection) return {nullptr, 0};
    return {self().address_of(page), connection->port};
}

std::int64_t hypercall(unsigned number, unsigned command, void* argument, std::uintptr_t count = 0) {
    return unicore_xen_hypercall(command, reinterpret_cast<std::uintptr_t>(argument), count, 0, 0, number);
}

/// How many were done, from the front.
std::size_t change_reservation(unsigned command, std::vector<xen_pfn_t> frames) {
    xen_memory_reservation reservation{};
    reservation.extent_start.p = frames.data();
    reservation.nr_extents = frames.size();
    reservation.domid = DOMID_SELF;
    const std::int64_t done = hypercall(__HYPERVISOR_memory_op, command, &reservation);
    return done > 0 ? static_cast<std::size_t>(done) : 0;
}

}  // namespace

shared_info& shared() noexcept { return self().shared(); }
bool paravirtual() noexcept { return self().paravirtual(); }
bool initial() noexcept { return self().id == 0; }
Connection console() noexcept { return connection(self().console, DomainState::console_page); }
Connection store() noexcept { return connection(self().store, DomainState::store_page); }

Result<void> set_upcall(void (*upcall)() noexcept) noexcept {
    DomainState& domain = self();
    UNICORE_ASSERT(domain.upcall == nullptr);  // set once
    domain.upcall = upcall;
    domain.edge = true;  // Xen asserts the vector when it is set
    domain.vcpu().evtchn_upcall_mask = 0;
    the_hypervisor()->pause();
    return {};
}

xen_pfn_t frame_of(const void* page) noexcept {
    const DomainState& domain = self();
    const std::size_t index = page_of(domain, page);
    return domain.paravirtual() ? domain.pages[index].frame : DomainState::first_guest_frame + index;
}

Result<void> place_grant_frame(unsigned index, void* page) noexcept {
    DomainState& domain = self();
    UNICORE_ASSERT(reinterpret_cast<std::uintptr_t>(page) % page_size == 0);
    const std::size_t place = page_of(domain, page);
    if (!domain.paravirtual()) {
        xen_add_to_physmap add{.domid = DOMID_SELF,
                               .size = 0,
                               .space = XENMAPSPACE_grant_table,
                               .idx = index,
                               .gpfn = DomainState::first_guest_frame + place};
        if (hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, &add) < 0) return unexpected(Error::out_of_memory);
        return {};
    }
    std::vector<xen_pfn_t> frames(index + 1);
    gnttab_setup_table setup{.dom = DOMID_SELF, .nr_frames = index + 1, .status = 0, .frame_list = {}};
    setup.frame_list.p = frames.data();
    if (hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_setup_table, &setup, 1) < 0 || setup.status != GNTST_okay)
        return unexpected(Error::out_of_memory);
    void* const old[] = {page};
    if (give_frames(old) != 1) return unexpected(Error::device_error);
    // What a PV domain does to its page table.
    the_hypervisor()->place(domain, place, Page::Kind::hypervisor, frames[index]);
    domain.grant_frame_pages[index] = place;
    return {};
}

PageCount memory() noexcept { return PageCount{self().pages.size() - 1}; }  // all but the shared page

std::size_t give_frames(std::span<void* const> pages) noexcept {
    std::vector<xen_pfn_t> frames;
    for (void* const page : pages) {
        std::memset(page, 0, page_size);
        frames.push_back(frame_of(page));
    }
    return change_reservation(XENMEM_decrease_reservation, frames);
}

std::size_t take_frames(std::span<void* const> pages) noexcept {
    const DomainState& domain = self();
    std::vector<xen_pfn_t> frames;
    for (void* const page : pages) frames.push_back(DomainState::first_guest_frame + page_of(domain, page));
    return change_reservation(XENMEM_populate_physmap, frames);
}

void protect_foreign(std::span<void* const>) noexcept {}

}  // namespace unicore::xen::guest
