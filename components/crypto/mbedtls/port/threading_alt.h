/* SPDX-License-Identifier: BSD-3-Clause */
/* Room for a lock between threads. [mbedtls/threading.h] */
#ifndef UNICORE_CRYPTO_MBEDTLS_THREADING_ALT_H
#define UNICORE_CRYPTO_MBEDTLS_THREADING_ALT_H

typedef struct mbedtls_threading_mutex_t {
    void* words[4]; /* threads.cpp knows what of */
} mbedtls_threading_mutex_t;

#endif
