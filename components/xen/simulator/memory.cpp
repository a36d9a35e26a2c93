// SPDX-License-Identifier: BSD-3-Clause
// What memory a domain has. [Xen, xen/common/memory.c]
#include "calls.hpp"

#include <xen/memory.h>

namespace unicore::xen::simulator {
namespace {

constexpr unsigned largest_order = 9;  // CONFIG_DOMU_MAX_ORDER

bool decrease(Call& call, xen_pfn_t frame) {
    DomainState& domain = call.domain;
    const auto page = call.hypervisor.page_of(domain, frame);
    if (!page || domain.pages[*page].kind != Page::Kind::memory) return false;
    if (call.hypervisor.random.chance(call.hypervisor.faults.stuck_frames)) return false;
    const Frame machine_frame = domain.pages[*page].frame;
    call.hypervisor.clear(domain, *page);
    call.hypervisor.frames.disown(machine_frame);
    --domain.frames_owned;
    return true;
}

/// `frame` is what the domain calls the place; for a PV domain it becomes the machine frame.
bool populate(Call& call, xen_pfn_t& frame) {
    DomainState& domain = call.domain;
    Hypervisor& hypervisor = call.hypervisor;
    const xen_pfn_t page = frame - DomainState::first_guest_frame;
    if (page >= domain.pages.size() || domain.pages[page].kind != Page::Kind::nothing) return false;
    if (domain.frames_owned >= domain.configuration.maximum_pages) return false;
    if (hypervisor.random.chance(hypervisor.faults.failing_frames)) return false;
    const auto machine_frame = hypervisor.frames.allocate(domain.id);
    if (!machine_frame) return false;
    ++domain.frames_owned;
    hypervisor.place(domain, page, Page::Kind::memory, *machine_frame);
    if (domain.paravirtual()) frame = *machine_frame;
    return true;
}

/// Yields how many extents were done, also where others would say what is wrong.
std::int64_t change_reservation(Call& call) {
    const bool add = call.arguments[0] == XENMEM_populate_physmap;
    xen_memory_reservation op;
    if (!call.read(op)) return 0;
    if (op.extent_order > largest_order) return 0;
    if (DomainState* const domain = call.hypervisor.find_any(call.domain, op.domid); domain != &call.domain) return 0;
    for (xen_ulong_t done = 0; done < op.nr_extents; ++done) {
        const auto where = reinterpret_cast<std::uintptr_t>(op.extent_start.p + done);
        xen_pfn_t first;
        if (!call.hypervisor.guest.read(first, where)) return static_cast<std::int64_t>(done);
        for (xen_pfn_t i = 0; i < xen_pfn_t{1} << op.extent_order; ++i) {
            xen_pfn_t frame = first + i;
            if (!(add ? populate(call, frame) : decrease(call, frame))) return static_cast<std::int64_t>(done);
            if (add && i == 0) first = call.domain.paravirtual() ? frame : first;
        }
        if (add && call.domain.paravirtual() && !call.hypervisor.guest.write(where, first))
            return static_cast<std::int64_t>(done);
    }
    return static_cast<std::int64_t>(op.nr_extents);
}

std::int64_t reservation(Call& call) {
    xen_memory_domain op;
    if (!call.read(op)) return -XEN_EFAULT;
    const DomainState* const domain = call.hypervisor.find_any(call.domain, op.domid);
    if (domain == nullptr) return -XEN_ESRCH;
    if (domain != &call.domain && !call.privileged()) return -XEN_EPERM;
    return static_cast<std::int64_t>(
        call.arguments[0] == XENMEM_current_reservation ? domain->frames_owned : domain->configuration.maximum_pages);
}

/// Puts a frame of the grant table at a guest frame, in the place of what is there.
std::int64_t add_to_physmap(Call& call) {
    xen_add_to_physmap op;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState& domain = call.domain;
    Hypervisor& hypervisor = call.hypervisor;
    const DomainState* const target = hypervisor.find_any(domain, op.domid);
    if (target == nullptr) return -XEN_ESRCH;
    if (target->paravirtual()) return -XEN_EACCES;
    if (target != &domain) return -XEN_EPERM;
    if (op.space != XENMAPSPACE_grant_table) return -XEN_EINVAL;
    if (op.idx >= domain.configuration.grant_frames) return -XEN_EINVAL;
    if (!hypervisor.grow_grant_table(domain, op.idx + 1)) return -XEN_EINVAL;
    const xen_pfn_t page = op.gpfn - DomainState::first_guest_frame;
    // Xen would put it over the shared page, too, which would then be the domain's own problem.
    if (page >= domain.pages.size() || page == DomainState::shared_page) return -XEN_EINVAL;
    if (domain.pages[page].kind == Page::Kind::foreign) return -XEN_EINVAL;
    if (domain.pages[page].kind == Page::Kind::memory) {
        hypervisor.frames.disown(domain.pages[page].frame);
        --domain.frames_owned;
    }
    for (auto& other : domain.grant_frame_pages)
        if (other == page) other.reset();
    if (const auto old = domain.grant_frame_pages[op.idx]) hypervisor.clear(domain, *old);
    domain.grant_frame_pages[op.idx] = page;
    hypervisor.place(domain, page, Page::Kind::hypervisor, domain.grant_frames[op.idx]);
    return 0;
}

}  // namespace

std::int64_t memory_op(Call& call) {
    call.argument = call.arguments[1];
    switch (call.arguments[0]) {
        case XENMEM_populate_physmap: return change_reservation(call);
        case XENMEM_decrease_reservation: return change_reservation(call);
        case XENMEM_current_reservation: return reservation(call);
        case XENMEM_maximum_reservation: return reservation(call);
        case XENMEM_add_to_physmap: return add_to_physmap(call);
        default: return -XEN_ENOSYS;
    }
}

void Hypervisor::place(DomainState& domain, std::size_t page, Page::Kind kind, Frame frame, bool writable) {
    domain.pages[page] = {kind, frame};
    frames.map(domain.address_of(page), frame, writable);
}

void Hypervisor::clear(DomainState& domain, std::size_t page) {
    domain.pages[page] = {};
    Frames::unmap(domain.address_of(page));
}

std::optional<std::size_t> Hypervisor::page_of(const DomainState& domain, xen_pfn_t frame) {
    if (!domain.paravirtual()) {
        const xen_pfn_t page = frame - DomainState::first_guest_frame;
        if (page >= domain.pages.size() || domain.pages[page].kind == Page::Kind::nothing) return {};
        return page;
    }
    for (std::size_t page = 0; page < domain.pages.size(); ++page)
        if (domain.pages[page].kind != Page::Kind::nothing && domain.pages[page].frame == frame) return page;
    return {};
}

}  // namespace unicore::xen::simulator
