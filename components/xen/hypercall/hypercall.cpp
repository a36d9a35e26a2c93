// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/hypercall.hpp>

namespace unicore::xen::hypercall {

[[gnu::noinline]] std::int64_t detail::call(std::uintptr_t first, std::uintptr_t second, unsigned number) noexcept {
    return unicore_xen_hypercall(first, second, 0, 0, 0, number);
}

Error to_error(std::int64_t result) noexcept {
    // [Xen, xen/include/public/errno.h], whose names would meet the C library's.
    static constexpr struct {
        std::uint8_t number;
        Error error;
    } errors[] = {
        {1, Error::unsupported},        // EPERM
        {2, Error::not_found},          // ENOENT
        {3, Error::not_found},          // ESRCH: no such domain
        {6, Error::not_found},          // ENXIO
        {11, Error::busy},              // EAGAIN
        {12, Error::out_of_memory},     // ENOMEM
        {16, Error::busy},              // EBUSY
        {17, Error::busy},              // EEXIST
        {22, Error::invalid_argument},  // EINVAL
        {28, Error::out_of_memory},     // ENOSPC
        {34, Error::out_of_range},      // ERANGE
        {38, Error::unsupported},       // ENOSYS
        {62, Error::timed_out},         // ETIME
        {95, Error::unsupported},       // EOPNOTSUPP
        {110, Error::timed_out},        // ETIMEDOUT
    };
    for (const auto& entry : errors)
        if (result == -entry.number) return entry.error;
    return Error::device_error;
}

Result<void> perform(unsigned number, unsigned command, void* operation) noexcept {
    return check(call(number, command, operation));
}

}  // namespace unicore::xen::hypercall
