// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/result.hpp>

#include <mbedtls/aes.h>

namespace unicore::crypto::mbedtls {

/// Sets a key, while there is one thread: the library asks the CPU what it can when the first key is set, and notes that it
/// has asked in an order that another thread may see the wrong way round (CVE-2025-52496).
Result<void> start() noexcept {
    constexpr unsigned char key[16] = {};
    mbedtls_aes_context context;
    mbedtls_aes_init(&context);
    const bool set = mbedtls_aes_setkey_enc(&context, key, 128) == 0;
    mbedtls_aes_free(&context);
    if (!set) return unexpected(Error::unsupported);
    return {};
}

}  // namespace unicore::crypto::mbedtls
