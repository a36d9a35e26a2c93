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
static_assert(entries_per_frame * sizeof(std::uintptr_t) <= page_size);

/// The grant table. Unused entries link to each other through `frame`, which the hypervisor does not
/// look at while `flags` is 0; the peer never sees the table. Everything happens masked.
struct Table {
    /// Beside each frame of the table there is a page of our own, with a word for each entry: 0, or for
    /// one whose peer still used it when it should have ended, `aside` and the page to give back.
    struct Frame {
        grant_entry_v1* entries;
        std::uintptr_t* aside;
    };
    static constexpr std::uintptr_t aside = 1;

    std::array<Frame, config::frames> frames{};
    unsigned placed = 0;      ///< how many frames there are
    grant_ref_t free = 0;     ///< the first that was used before and is free again; 0: none
    grant_ref_t fresh = GNTTAB_NR_RESERVED_ENTRIES;  ///< from here on never used
    std::size_t waiting = 0;  ///< how many are put aside
    std::uint32_t lost = 0;

    grant_entry_v1& entry(grant_ref_t reference) const noexcept {
        return frames[reference / entries_per_frame].entries[reference % entries_per_frame];
    }
    /// An entry to fill in. Errors: busy, out_of_memory.
    Result<grant_ref_t> take() noexcept;
    /// Withdraws an entry and frees it. Errors: busy while the peer uses it.
    Result<void> end(grant_ref_t reference) noexcept;
    /// Withdraws it later, and gives `page` back then, if there is one.
    void put_aside(grant_ref_t reference, std::byte* page) noexcept;
    /// Tries to end what was put aside; returns how many are left.
    std::size_t reclaim() noexcept;

private:
    std::uintptr_t& aside_of(grant_ref_t reference) const noexcept {
        return frames[reference / entries_per_frame].aside[reference % entries_per_frame];
    }
    Result<void> grow() noexcept;
};

extern platform::PerImage<Table> table;

}  // namespace unicore::xen::grants
