// SPDX-License-Identifier: BSD-3-Clause
#include "spares.hpp"
#include "table.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/guest.hpp>

#include <algorithm>
#include <limits>

namespace unicore::xen::grants {

using platform::MaskGuard;

Result<Grant> Grant::offer(domid_t peer, const void* page, Access access) noexcept {
    const xen_pfn_t frame = guest::frame_of(page);
    if (frame > std::numeric_limits<std::uint32_t>::max()) return unexpected(Error::unsupported);
    const MaskGuard masked;
    const grant_ref_t reference = UNICORE_TRY(table->take());
    grant_entry_v1& entry = table->entry(reference);
    entry.domid = peer;
    entry.frame = static_cast<std::uint32_t>(frame);
    // Last: it makes the entry valid. [Xen, xen/include/public/grant_table.h, "Introducing a valid entry"]
    const unsigned flags = GTF_permit_access | (access == Access::read_only ? GTF_readonly : 0);
    __atomic_store_n(&entry.flags, static_cast<std::uint16_t>(flags), __ATOMIC_RELEASE);
    return Grant(reference);
}

Result<void> Grant::end() noexcept {
    const MaskGuard masked;
    UNICORE_TRY(table->end(reference_));
    reference_ = 0;
    return {};
}

void Grant::drop() noexcept {
    const MaskGuard masked;
    if (!table->end(reference_)) table->put_aside(reference_, nullptr);
}

Result<SharedPage> SharedPage::create(domid_t peer, Access access) noexcept {
    const MaskGuard masked;
    auto taken = memory::pages::take(PageCount{1});
    if (!taken) {
        reclaim();
        taken = memory::pages::take(PageCount{1});
    }
    std::byte* const page = UNICORE_TRY(taken);
    std::fill_n(page, page_size, std::byte{});  // another domain must not see what it was used for
    auto grant = Grant::offer(peer, page, access);
    if (!grant) {
        memory::pages::give_back(page, PageCount{1});
        return unexpected(grant.error());
    }
    return SharedPage(page, *std::move(grant));
}

void SharedPage::drop() noexcept {
    const MaskGuard masked;
    const grant_ref_t reference = std::exchange(grant_.reference_, 0);
    if (table->end(reference)) memory::pages::give_back(page_, PageCount{1});
    else table->put_aside(reference, page_);
}

std::size_t reclaim() noexcept {
    const MaskGuard masked;
    spares->trim();
    return table->reclaim();
}

std::uint32_t lost() noexcept { return table->lost; }

}  // namespace unicore::xen::grants
