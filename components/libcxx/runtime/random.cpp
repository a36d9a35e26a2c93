// SPDX-License-Identifier: BSD-3-Clause
// std::random_device, over getentropy, which images have with libc.entropy. [ISO C++23, rand.device]
#include <cerrno>
#include <limits>
#include <random>
#include <string>
#include <system_error>

#include <unistd.h>

_LIBCPP_BEGIN_NAMESPACE_STD

/// There is one source, whatever it is called.
random_device::random_device(const string&) : __f_(0) {}
random_device::~random_device() {}

/// Errors: system_error with ENOSYS in images without libc.entropy.
unsigned random_device::operator()() {
    unsigned number;
    if (::getentropy(&number, sizeof number) != 0) throw system_error(errno, generic_category(), "random_device");
    return number;
}

double random_device::entropy() const noexcept { return numeric_limits<unsigned>::digits; }

_LIBCPP_END_NAMESPACE_STD
