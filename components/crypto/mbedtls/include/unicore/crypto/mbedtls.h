/* SPDX-License-Identifier: BSD-3-Clause */
/* Mbed TLS in an image. The library's own headers are <mbedtls/…>. */
#ifndef UNICORE_CRYPTO_MBEDTLS_H
#define UNICORE_CRYPTO_MBEDTLS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fills `out` with random bytes that are fit for keys, out of entropy.csprng; the form is that of mbedtls_ssl_conf_rng and of
   all that take a generator, and the context is not looked at. For several threads at once. Returns 0, or
   MBEDTLS_ERR_ENTROPY_SOURCE_FAILED before entropy.csprng's boot step. */
int unicore_mbedtls_random(void* context, unsigned char* out, size_t size);

#ifdef __cplusplus
}
#endif

#endif
