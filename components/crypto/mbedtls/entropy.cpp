// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/crypto/mbedtls.h>

#include <unicore/entropy/csprng.hpp>

#include <mbedtls/entropy.h>
#include <mbedtls/entropy_poll.h>

using unicore::entropy::csprng::fill;

int unicore_mbedtls_random(void*, unsigned char* out, std::size_t size) {
    return fill({reinterpret_cast<std::byte*>(out), size}) ? 0 : MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
}

/// The source that every mbedtls_entropy_context has.
int mbedtls_hardware_poll(void*, unsigned char* out, std::size_t size, std::size_t* filled) {
    *filled = 0;
    if (!fill({reinterpret_cast<std::byte*>(out), size})) return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
    *filled = size;
    return 0;
}
