// SPDX-License-Identifier: BSD-3-Clause
// Frames that come and go: the balloon's, and those in the place of which others are mapped.
#include "xen.hpp"

#include <unicore/xen/hypercall.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace unicore::xen {
namespace {

namespace frames = platform::xen::frames;

/// How many pages one hypercall gives or takes: their numbers lie on the stack.
constexpr std::size_t batch = 64;

}  // namespace

std::size_t guest::give_frames(std::span<void* const> pages) noexcept {
    std::size_t done = 0;
    while (done != pages.size()) {
        const auto next = pages.subspan(done, std::min(batch, pages.size() - done));
        std::array<xen_pfn_t, batch> list;
        std::size_t count = 0;
        for (; count != next.size(); ++count) {
            std::memset(next[count], 0, page_size);
            list[count] = guest::frame_of(next[count]);
            if (!frames::take_away(next[count])) break;
        }
        xen_memory_reservation given = frames::reservation(list.data(), count);
        const std::size_t gone = hypercall::memory(XENMEM_decrease_reservation, given);
        for (std::size_t i = 0; i != count; ++i) {
            if (i < gone) frames::forget(next[i]);
            else static_cast<void>(frames::put(next[i], list[i]));  // as before
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
        for (std::size_t i = 0; i != next.size(); ++i) list[i] = frames::number_of(next[i]);
        xen_memory_reservation taken = frames::reservation(list.data(), next.size());
        const std::size_t got = hypercall::memory(XENMEM_populate_physmap, taken);
        std::size_t placed = 0;
        while (placed != got && frames::put(next[placed], list[placed])) ++placed;
        // What cannot be mapped is of no use here.
        xen_memory_reservation unused = frames::reservation(list.data() + placed, got - placed);
        if (placed != got) hypercall::memory(XENMEM_decrease_reservation, unused);
        done += placed;
        if (placed != next.size()) break;
    }
    return done;
}

}  // namespace unicore::xen

xen_memory_reservation unicore::platform::xen::frames::reservation(xen_pfn_t* list, std::size_t count) noexcept {
    xen_memory_reservation result{};
    set_xen_guest_handle(result.extent_start, list);
    result.nr_extents = count;
    result.domid = DOMID_SELF;
    return result;
}

unicore::Result<void> unicore::platform::xen::frames::place(void* page, unsigned space, unsigned index) noexcept {
    xen_add_to_physmap operation{};
    operation.domid = DOMID_SELF;
    operation.space = static_cast<decltype(operation.space)>(space);
    operation.idx = index;
    operation.gpfn = number_of(page);
    return unicore::xen::hypercall::perform(operation);
}
