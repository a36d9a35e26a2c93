// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/grants/config.hpp>

#include <xen/grant_table.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::xen::grants {

inline constexpr std::size_t entries_per_frame = page_size / sizeof(grant_entry_v1);

/// A grant that its peer still used when it should have ended, and the page to give back with it.
struct Waiting {
    grant_ref_t reference;
    std::byte* page;  ///< null when it is not ours to give back
};

/// As many of them as fit in a page. They are nowhere in the table, where the hypervisor still looks.
struct WaitingBlock {
    WaitingBlock* next;
    std::size_t count;
    std::array<Waiting, (page_size - 2 * sizeof(void*)) / sizeof(Waiting)> entries;
};
static_assert(sizeof(WaitingBlock) <= page_size);

/// The grant table. Unused entries link to each other through `frame`, which the hypervisor does not
/// look at while `flags` is 0; the peer never sees the table. Everything happens masked.
struct Table {
    std::array<grant_entry_v1*, config::frames> frames{};
    unsigned placed = 0;      ///< how many frames there are
    grant_ref_t free = 0;     ///< the first that was used before and is free again; 0: none
    grant_ref_t fresh = GNTTAB_NR_RESERVED_ENTRIES;  ///< from here on never used
    WaitingBlock* waiting = nullptr;
    std::uint32_t lost = 0;

    grant_entry_v1& entry(grant_ref_t reference) const noexcept {
        return frames[reference / entries_per_frame][reference % entries_per_frame];
    }
    /// An entry to fill in. Errors: busy, out_of_memory.
    Result<grant_ref_t> take() noexcept;
    /// Withdraws an entry and frees it. Errors: busy while the peer uses it.
    Result<void> end(grant_ref_t reference) noexcept;
    /// Withdraws it later, and gives `page` back then.
    void put_aside(Waiting waiting) noexcept;
    /// Tries to end what was put aside; returns how many are left.
    std::size_t reclaim() noexcept;

private:
    Result<void> grow() noexcept;
};

extern platform::PerImage<Table> table;

}  // namespace unicore::xen::grants
