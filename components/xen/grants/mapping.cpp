// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/grants/mapping.hpp>

#include "spares.hpp"
#include "table.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <span>

namespace unicore::xen::grants {

using platform::MaskGuard;

Result<Mapping> Mapping::map(domid_t granter, grant_ref_t reference, Access access) noexcept {
    const MaskGuard masked;
    std::byte* const page = UNICORE_TRY(spares->take());
    gnttab_map_grant_ref operation{};
    operation.host_addr = reinterpret_cast<std::uintptr_t>(page);
    operation.flags = GNTMAP_host_map | (access == Access::read_only ? GNTMAP_readonly : 0);
    operation.ref = reference;
    operation.dom = granter;
    auto done = hypercall::grant_table(GNTTABOP_map_grant_ref, std::span(&operation, 1));
    if (done) done = check_status(operation.status);
    if (!done) {
        spares->give_back(page);
        return unexpected(done.error());
    }
    void* const pages[] = {page};
    guest::protect_foreign(pages);
    return Mapping(page, operation.handle);
}

void Mapping::unmap() noexcept {
    const MaskGuard masked;
    gnttab_unmap_grant_ref operation{};
    operation.host_addr = reinterpret_cast<std::uintptr_t>(page_);
    operation.handle = handle_;
    auto done = hypercall::grant_table(GNTTABOP_unmap_grant_ref, std::span(&operation, 1));
    if (done) done = check_status(operation.status);
    if (done) spares->give_back(page_);
    else ++table->lost;  // whatever is there now, nobody must use the address again
}

}  // namespace unicore::xen::grants
