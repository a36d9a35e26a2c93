// SPDX-License-Identifier: BSD-3-Clause
// The library's tests of itself, with the test vectors of the standards: they show that it was compiled right.
#include "suites.hpp"

#include <unicore/crypto/mbedtls.h>

#include <cstring>
#include <time.h>

#include <mbedtls/aes.h>
#include <mbedtls/base64.h>
#include <mbedtls/bignum.h>
#include <mbedtls/chacha20.h>
#include <mbedtls/chachapoly.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/gcm.h>
#include <mbedtls/hmac_drbg.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/poly1305.h>
#include <mbedtls/rsa.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

namespace unicore::crypto::mbedtls {

void primitives(debug::Check& check) noexcept {
    check(mbedtls_aes_self_test(0) == 0, "AES [FIPS 197]");
    check(mbedtls_base64_self_test(0) == 0, "base64 [RFC 4648]");
    check(mbedtls_mpi_self_test(0) == 0, "long integers");
    check(mbedtls_chacha20_self_test(0) == 0, "ChaCha20 [RFC 8439]");
    check(mbedtls_chachapoly_self_test(0) == 0, "ChaCha20-Poly1305 [RFC 8439]");
    check(mbedtls_ctr_drbg_self_test(0) == 0, "CTR_DRBG [SP 800-90A]");
    check(mbedtls_ecp_self_test(0) == 0, "elliptic curves");
    check(mbedtls_entropy_self_test(0) == 0, "entropy");
    check(mbedtls_gcm_self_test(0) == 0, "AES-GCM [SP 800-38D]");
    check(mbedtls_hmac_drbg_self_test(0) == 0, "HMAC_DRBG [SP 800-90A]");
    check(mbedtls_poly1305_self_test(0) == 0, "Poly1305 [RFC 8439]");
    check(mbedtls_rsa_self_test(0) == 0, "RSA [RFC 8017]");
    check(mbedtls_sha256_self_test(0) == 0, "SHA-256 [FIPS 180-4]");
    check(mbedtls_sha512_self_test(0) == 0, "SHA-512, SHA-384 [FIPS 180-4]");

    unsigned char one[1000] = {}, other[1000] = {};
    check(unicore_mbedtls_random(nullptr, one, sizeof one) == 0 && unicore_mbedtls_random(nullptr, other, sizeof other) == 0,
          "random bytes can be had");
    check(std::memcmp(one, other, sizeof one) != 0, "and are others each time");

    const mbedtls_time_t moment = 1'795'790'749;
    tm parts{};
    check(mbedtls_platform_gmtime_r(&moment, &parts) == &parts, "a moment has a date");
    check(parts.tm_year == 126 && parts.tm_mon == 10 && parts.tm_mday == 27, "its day");
    check(parts.tm_hour == 14 && parts.tm_min == 45 && parts.tm_sec == 49, "and its time");
}

}  // namespace unicore::crypto::mbedtls
