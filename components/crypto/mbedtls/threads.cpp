// SPDX-License-Identifier: BSD-3-Clause
// Takes the place of Mbed TLS' threading.c, whose locks fail until a program has set others.
#include <unicore/sched/mutex.hpp>

#include <mbedtls/threading.h>

#include <memory>
#include <new>

using unicore::sched::Mutex;

namespace {

static_assert(sizeof(Mutex) <= sizeof(mbedtls_threading_mutex_t) && alignof(Mutex) <= alignof(mbedtls_threading_mutex_t));

Mutex& in(mbedtls_threading_mutex_t* place) noexcept { return *std::launder(reinterpret_cast<Mutex*>(place)); }

void make(mbedtls_threading_mutex_t* place) noexcept { ::new (place) Mutex; }
void end(mbedtls_threading_mutex_t* place) noexcept { std::destroy_at(&in(place)); }

int lock(mbedtls_threading_mutex_t* place) noexcept {
    in(place).lock();
    return 0;
}

int unlock(mbedtls_threading_mutex_t* place) noexcept {
    in(place).unlock();
    return 0;
}

}  // namespace

void (*mbedtls_mutex_init)(mbedtls_threading_mutex_t*) = make;
void (*mbedtls_mutex_free)(mbedtls_threading_mutex_t*) = end;
int (*mbedtls_mutex_lock)(mbedtls_threading_mutex_t*) = lock;
int (*mbedtls_mutex_unlock)(mbedtls_threading_mutex_t*) = unlock;
