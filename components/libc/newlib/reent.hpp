// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <errno.h>
#include <reent.h>

namespace unicore::libc::newlib {

/// Notes why a function failed, and returns what failing functions return.
inline int fail(_reent* reent, int error) noexcept {
    reent->_errno = error;
    return -1;
}

/// errno's word for what the environment did. [POSIX.1-2017, XSH 2.3]
inline int to_errno(Error error) noexcept {
    switch (error) {
        case Error::out_of_memory: return ENOMEM;
        case Error::invalid_argument: return EINVAL;
        case Error::out_of_range: return ERANGE;
        case Error::not_found: return ENOENT;
        case Error::busy: return EBUSY;
        case Error::unsupported: return ENOSYS;
        case Error::timed_out: return ETIMEDOUT;
        case Error::stopped: return EINTR;
        case Error::device_error: break;
    }
    return EIO;
}

}  // namespace unicore::libc::newlib
