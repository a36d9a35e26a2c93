// SPDX-License-Identifier: BSD-3-Clause
// What memory a domain has: giving frames back, getting others, and how many it may have.
#include "raw.hpp"
#include "scenarios.hpp"

#include <xen/memory.h>

#include <array>

namespace unicore::test {
namespace {

/// Of the list's frames, as many as Xen does. The result is in the trace.
std::int64_t change(unsigned command, xen_pfn_t* frames, std::size_t count, unsigned order = 0,
                    domid_t domain = DOMID_SELF) noexcept {
    xen_memory_reservation operation{};
    set_xen_guest_handle(operation.extent_start, frames);
    operation.nr_extents = count;
    operation.extent_order = order;
    operation.domid = domain;
    return hypercall::call(__HYPERVISOR_memory_op, command, &operation);
}

std::int64_t pages(unsigned command, domid_t domain = DOMID_SELF) noexcept {
    xen_memory_domain operation{.domid = domain};
    return hypercall::call(__HYPERVISOR_memory_op, command, &operation);
}

std::int64_t add_to_physmap(unsigned space, xen_ulong_t index, xen_pfn_t frame, domid_t domain = DOMID_SELF) noexcept {
    xen_add_to_physmap operation{};
    operation.domid = domain;
    operation.space = space;
    operation.idx = index;
    operation.gpfn = frame;
    return hypercall::perform(operation) ? 0 : -1;
}

}  // namespace

void scenario::memory(Stage& stage) noexcept {
    constexpr unsigned current = XENMEM_current_reservation, most = XENMEM_maximum_reservation;
    constexpr unsigned give = XENMEM_decrease_reservation, take = XENMEM_populate_physmap;
    const std::int64_t at_first = pages(current), limit = pages(most);
    say("at most what it has: ", limit < at_first);
    for (const unsigned command : {current, most}) {
        pages(command, stage.peer);
        pages(command, nobody);
    }
    auto taken = memory::pages::Pages::create(PageCount{4});
    if (!taken) return say("no pages");
    std::array<void*, 4> page;
    for (std::size_t i = 0; i != page.size(); ++i) page[i] = taken->bytes().data() + i * page_size;

    say("gave three: ", guest::give_frames(std::span(page).first(3)));
    say("more than before: ", pages(current) - at_first);
    say("took ", guest::take_frames(std::span(page).first(2)));
    say("more than before: ", pages(current) - at_first);
    // One more than it has now.
    {
        text::Line order;
        order << "limit " << pages(current) + 1;
        say("gave one: ", guest::give_frames(std::span(page).subspan(1, 1)));
        stage.ask_toolstack(order.view());
        say("changed the limit by a little: ", pages(most) < limit);
        say("gave one: ", guest::give_frames(std::span(page).first(1)));
        say("gave one: ", guest::give_frames(std::span(page).subspan(3, 1)));
        order = {};
        order << "limit " << pages(current) + 3;
        stage.ask_toolstack(order.view());
        say("took of four: ", guest::take_frames(page));
        order = {};
        order << "limit " << limit;
        stage.ask_toolstack(order.view());
        say("took ", guest::take_frames(std::span(page).subspan(3)));
    }
    say("more than before: ", pages(current) - at_first);

    // What cannot be.
    xen_pfn_t ours = guest::frame_of(page[0]);
    std::array<xen_pfn_t, 4> frames{~xen_pfn_t{0}, ours, ours, ours};
    change(give, frames.data(), 1);
    change(give, frames.data(), 3);
    change(give, frames.data(), 0);
    change(give, nullptr, 1);
    change(give, &ours, 1, 10);
    change(give, &ours, 1, 40);
    change(give, &ours, 1, 0, nobody);
    change(give, &ours, 1, 0, stage.peer);
    change(give, frames.data(), xen_ulong_t{1} << 62);
    change(take, &ours, 0);
    change(take, nullptr, 1);
    change(take, &ours, 1, 10);
    change(take, &ours, 1, 0, nobody);
    change(take, &ours, 1, 0, stage.peer);
    say("more than before: ", pages(current) - at_first);

    // Only a PVH domain says where frames of the hypervisor's are to be.
    add_to_physmap(XENMAPSPACE_grant_table, 1000, ours);
    add_to_physmap(77, 0, ours);
    add_to_physmap(XENMAPSPACE_grant_table, 0, ours, nobody);
    add_to_physmap(XENMAPSPACE_grant_table, 0, ours, stage.peer);
    say("more than before: ", pages(current) - at_first);
}

}  // namespace unicore::test
