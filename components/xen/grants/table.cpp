// SPDX-License-Identifier: BSD-3-Clause
#include "table.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/xen/guest.hpp>

#include <algorithm>

namespace unicore::xen::grants {

platform::PerImage<Table> table;

Result<grant_ref_t> Table::take() noexcept {
    if (free == 0 && fresh == placed * entries_per_frame) reclaim();
    if (free != 0) {
        const grant_ref_t reference = free;
        free = entry(reference).frame;
        return reference;
    }
    // The first frame has reserved entries, so there are none before it is placed.
    if (placed == 0 || fresh == placed * entries_per_frame) UNICORE_TRY(grow());
    return fresh++;
}

Result<void> Table::grow() noexcept {
    if (placed == config::frames) return unexpected(Error::busy);
    std::byte* const both = UNICORE_TRY(memory::pages::take(PageCount{2}));
    if (auto done = guest::place_grant_frame(placed, both); !done) {
        memory::pages::give_back(both, PageCount{2});
        return done;
    }
    std::byte* const beside = both + page_size;
    std::fill_n(beside, page_size, std::byte{});
    frames[placed++] = {reinterpret_cast<grant_entry_v1*>(both), reinterpret_cast<std::uintptr_t*>(beside)};
    return {};
}

/// [Xen, xen/include/public/grant_table.h, "Invalidating an unused GTF_permit_access entry"]
Result<void> Table::end(grant_ref_t reference) noexcept {
    grant_entry_v1& one = entry(reference);
    std::uint16_t flags = __atomic_load_n(&one.flags, __ATOMIC_SEQ_CST);
    do {
        if ((flags & (GTF_reading | GTF_writing)) != 0) return unexpected(Error::busy);
    } while (!__atomic_compare_exchange_n(&one.flags, &flags, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    one.frame = free;
    free = reference;
    return {};
}

void Table::put_aside(grant_ref_t reference, std::byte* page) noexcept {
    aside_of(reference) = reinterpret_cast<std::uintptr_t>(page) | aside;
    ++waiting;
}

std::size_t Table::reclaim() noexcept {
    if (waiting == 0) return 0;
    for (grant_ref_t reference = GNTTAB_NR_RESERVED_ENTRIES; reference != fresh; ++reference) {
        const std::uintptr_t word = aside_of(reference);
        if (word == 0 || !end(reference)) continue;
        aside_of(reference) = 0;
        --waiting;
        if (word != aside) memory::pages::give_back(reinterpret_cast<std::byte*>(word - aside), PageCount{1});
    }
    return waiting;
}

}  // namespace unicore::xen::grants
