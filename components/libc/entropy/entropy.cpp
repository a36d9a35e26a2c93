// SPDX-License-Identifier: BSD-3-Clause
// [getentropy(3) and arc4random(3) of OpenBSD; POSIX.1-2024, getentropy]
#include <unicore/base/result.hpp>
#include <unicore/entropy/csprng.hpp>

#include <cstddef>
#include <cstdint>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

using namespace unicore;

namespace unicore::libc::entropy {

/// Nothing to do: refers to this source, so that its getentropy takes the place of the C library's.
Result<void> start() noexcept { return {}; }

}  // namespace unicore::libc::entropy

extern "C" {

/// At most 256 bytes. Errors: EIO for more; ENOSYS before entropy.csprng has started.
int getentropy(void* out, std::size_t size) {
    constexpr std::size_t most = 256;
    if (size > most) {
        errno = EIO;
        return -1;
    }
    if (!entropy::csprng::fill({static_cast<std::byte*>(out), size})) {
        errno = ENOSYS;
        return -1;
    }
    return 0;
}

__uint32_t arc4random() { return static_cast<__uint32_t>(entropy::csprng::next()); }

/// Panics before entropy.csprng has started.
void arc4random_buf(void* out, std::size_t size) {
    if (!entropy::csprng::fill({static_cast<std::byte*>(out), size})) entropy::csprng::next();
}

/// A number below `bound`, each as likely as the others: what would favour the small ones is drawn again.
__uint32_t arc4random_uniform(__uint32_t bound) {
    if (bound < 2) return 0;
    const __uint32_t least = -bound % bound;  // 2^32 modulo bound
    __uint32_t number;
    do number = arc4random();
    while (number < least);
    return number % bound;
}

}  // extern "C"
