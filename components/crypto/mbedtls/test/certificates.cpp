// SPDX-License-Identifier: BSD-3-Clause
// What X.509 says of certificates that were made for this tree. [RFC 5280, 6]
#include "loop.hpp"
#include "suites.hpp"

namespace unicore::crypto::mbedtls {
namespace {

std::uint32_t judged(Identity& own, Identity& trusted, const char* name) noexcept {
    std::uint32_t flags = 0;
    const int status =
        mbedtls_x509_crt_verify(&own.certificate, &trusted.authority, nullptr, name, &flags, nullptr, nullptr);
    if ((status == 0) != (flags == 0)) return ~0U;
    if (undated()) {
        // All of them are of the future then, and that is said.
        if ((flags & MBEDTLS_X509_BADCERT_FUTURE) == 0) return ~0U;
        flags &= ~static_cast<std::uint32_t>(MBEDTLS_X509_BADCERT_FUTURE);
    }
    return flags;
}

}  // namespace

void certificates(debug::Check& check) noexcept {
    Identity ec("ec"), rsa("rsa");
    if (!check(ec.status == 0 && rsa.status == 0, "certificates and keys are understood")) return;
    check(mbedtls_pk_get_type(&ec.key) == MBEDTLS_PK_ECKEY && mbedtls_pk_get_bitlen(&ec.key) == 256, "a key of P-256");
    check(mbedtls_pk_get_type(&rsa.key) == MBEDTLS_PK_RSA && mbedtls_pk_get_bitlen(&rsa.key) == 2048, "a key of RSA");
    check(mbedtls_pk_check_pair(&ec.certificate.pk, &ec.key) == 0, "a certificate and its key belong together");
    check(mbedtls_pk_check_pair(&ec.certificate.pk, &rsa.key) != 0, "one and another's key do not");
    for (Identity* const own : {&ec, &rsa}) {
        check(judged(*own, *own, "unicore.test") == 0, "one is valid for its name");
        check(judged(*own, *own, "localhost") == 0, "for its other name");
        check(judged(*own, *own, "UNICORE.test") == 0, "in whatever case");
        check(judged(*own, *own, nullptr) == 0, "when nobody asks for the name");
        check(judged(*own, *own, "unicore.example") == MBEDTLS_X509_BADCERT_CN_MISMATCH, "not for others");
    }
    check(judged(ec, rsa, "unicore.test") == MBEDTLS_X509_BADCERT_NOT_TRUSTED, "an unknown authority is worth nothing");
}

}  // namespace unicore::crypto::mbedtls
