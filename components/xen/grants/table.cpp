// SPDX-License-Identifier: BSD-3-Clause
#include "table.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/xen/guest.hpp>

#include <atomic>

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
    std::byte* const page = UNICORE_TRY(memory::pages::take(PageCount{1}));
    if (auto done = guest::place_grant_frame(placed, page); !done) {
        memory::pages::give_back(page, PageCount{1});
        return done;
    }
    frames[placed++] = reinterpret_cast<grant_entry_v1*>(page);
    return {};
}

/// [Xen, xen/include/public/grant_table.h, "Invalidating an unused GTF_permit_access entry"]
Result<void> Table::end(grant_ref_t reference) noexcept {
    const std::atomic_ref flags(entry(reference).flags);
    std::uint16_t current = flags.load();
    do {
        if ((current & (GTF_reading | GTF_writing)) != 0) return unexpected(Error::busy);
    } while (!flags.compare_exchange_weak(current, 0));
    entry(reference).frame = free;
    free = reference;
    return {};
}

void Table::put_aside(Waiting one) noexcept {
    WaitingBlock* block = waiting;
    while (block != nullptr && block->count == block->entries.size()) block = block->next;
    if (block == nullptr) {
        const auto page = memory::pages::take(PageCount{1});
        if (!page) {
            ++lost;
            return;
        }
        block = reinterpret_cast<WaitingBlock*>(*page);
        block->next = waiting;
        block->count = 0;
        waiting = block;
    }
    block->entries[block->count++] = one;
}

std::size_t Table::reclaim() noexcept {
    std::size_t left = 0;
    for (WaitingBlock** link = &waiting; *link != nullptr;) {
        WaitingBlock* const block = *link;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < block->count; ++i) {
            const Waiting one = block->entries[i];
            if (!end(one.reference)) block->entries[kept++] = one;
            else if (one.page != nullptr) memory::pages::give_back(one.page, PageCount{1});
        }
        block->count = kept;
        left += kept;
        if (kept != 0) {
            link = &block->next;
            continue;
        }
        *link = block->next;
        memory::pages::give_back(reinterpret_cast<std::byte*>(block), PageCount{1});
    }
    return left;
}

}  // namespace unicore::xen::grants
