// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/grants.hpp>
#include <unicore/xen/hypercall.hpp>

namespace unicore::xen::grants {

Result<void> check_status(std::int16_t status) noexcept {
    switch (status) {
        case GNTST_okay: return {};
        case GNTST_bad_domain:
        case GNTST_bad_gntref:
        case GNTST_bad_handle: return unexpected(Error::not_found);
        case GNTST_no_device_space:
        case GNTST_no_space: return unexpected(Error::out_of_memory);
        case GNTST_bad_virt_addr:
        case GNTST_bad_dev_addr:
        case GNTST_bad_copy_arg: return unexpected(Error::invalid_argument);
        case GNTST_eagain: return unexpected(Error::busy);
        default: return unexpected(Error::device_error);
    }
}

Result<void> copy(std::span<gnttab_copy> operations) noexcept {
    return hypercall::grant_table(GNTTABOP_copy, operations);
}

}  // namespace unicore::xen::grants
