// SPDX-License-Identifier: BSD-3-Clause
#include "error.hpp"

namespace unicore::xen::store {

Error to_error(const char* name) noexcept {
    // Those that mean the same, in the order of the enumerators. Letters and digits come after the comma in ASCII.
    const char* entry =
        "ENOSPC ENOMEM,EINVAL EISDIR,E2BIG,ENOENT,EAGAIN EBUSY EEXIST EISCONN,EACCES EPERM EROFS ENOSYS";
    static_assert(Error::out_of_memory == Error{} && Error::unsupported == Error{5});
    for (std::uint8_t error = 0;; ++entry) {
        const char* at = name;
        while (*at == *entry && *at > ',') ++at, ++entry;
        if (*at == '\0' && *entry <= ',') return Error{error};
        while (*entry > ',') ++entry;
        if (*entry == '\0') return Error::device_error;
        if (*entry == ',') ++error;
    }
}

}  // namespace unicore::xen::store
