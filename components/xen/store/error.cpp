// SPDX-License-Identifier: BSD-3-Clause
#include "error.hpp"

namespace unicore::xen::store {

Error to_error(std::string_view name) noexcept {
    // Characters in place: pointers to them would be relocated in a process.
    static constexpr struct {
        char name[8];
        Error error;
    } errors[] = {
        {"ENOENT", Error::not_found},    {"EACCES", Error::unsupported},      {"EPERM", Error::unsupported},
        {"EROFS", Error::unsupported},   {"ENOSYS", Error::unsupported},      {"EAGAIN", Error::busy},
        {"EBUSY", Error::busy},          {"EEXIST", Error::busy},             {"EISCONN", Error::busy},
        {"ENOSPC", Error::out_of_memory}, {"ENOMEM", Error::out_of_memory},   {"E2BIG", Error::out_of_range},
        {"EINVAL", Error::invalid_argument}, {"EISDIR", Error::invalid_argument},
    };
    for (const auto& entry : errors)
        if (name == std::string_view(entry.name)) return entry.error;
    return Error::device_error;
}

}  // namespace unicore::xen::store
