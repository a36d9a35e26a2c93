// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/hypercall.hpp>

namespace unicore::xen::hypercall {

Error to_error(std::int64_t result) noexcept {
    // [Xen, xen/include/public/errno.h], whose names would meet the C library's.
    switch (-result) {
        case 2:   // ENOENT
        case 3:   // ESRCH: no such domain
        case 6:   // ENXIO
            return Error::not_found;
        case 11:  // EAGAIN
        case 16:  // EBUSY
        case 17:  // EEXIST
            return Error::busy;
        case 12:  // ENOMEM
        case 28:  // ENOSPC
            return Error::out_of_memory;
        case 22:  // EINVAL
            return Error::invalid_argument;
        case 34:  // ERANGE
            return Error::out_of_range;
        case 1:   // EPERM
        case 38:  // ENOSYS
        case 95:  // EOPNOTSUPP
            return Error::unsupported;
        case 62:  // ETIME
        case 110: // ETIMEDOUT
            return Error::timed_out;
        default: return Error::device_error;
    }
}

}  // namespace unicore::xen::hypercall
