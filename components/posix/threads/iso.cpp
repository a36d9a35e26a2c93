// SPDX-License-Identifier: BSD-3-Clause
// ISO C's threads are POSIX's by other names. [ISO C17, 7.26]
#include "record.hpp"

#include <cstdint>
#include <string_view>

#include <errno.h>
#include <threads.h>

using namespace unicore::posix::threads;

namespace {

int outcome(int error) noexcept {
    switch (error) {
        case 0: return thrd_success;
        case EBUSY: return thrd_busy;
        case EAGAIN:
        case ENOMEM: return thrd_nomem;
        case ETIMEDOUT: return thrd_timedout;
        default: return thrd_error;
    }
}

void* call(void* argument) noexcept {
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(own().iso_start(argument)));
}

}  // namespace

extern "C" {

int thrd_create(thrd_t* out, thrd_start_t start, void* argument) {
    Record* const record = make_record();
    if (record == nullptr) return thrd_nomem;
    constexpr std::string_view name = "thrd";
    name.copy(record->name.data(), record->name.size());
    record->start = call;
    record->iso_start = start;
    record->argument = argument;
    return outcome(launch(*record, nullptr, out));
}

thrd_t thrd_current() { return pthread_self(); }
int thrd_detach(thrd_t thread) { return outcome(pthread_detach(thread)); }
int thrd_equal(thrd_t left, thrd_t right) { return pthread_equal(left, right); }
void thrd_exit(int value) { pthread_exit(reinterpret_cast<void*>(static_cast<std::intptr_t>(value))); }
void thrd_yield() { sched_yield(); }

int thrd_join(thrd_t thread, int* out) {
    void* value = nullptr;
    const int error = pthread_join(thread, &value);
    if (error == 0 && out != nullptr) *out = static_cast<int>(reinterpret_cast<std::intptr_t>(value));
    return outcome(error);
}

/// 0; -1 when a stop request ends it, with what is left; -2 for times that are none.
int thrd_sleep(const timespec* wanted, timespec* rest) {
    const int error = clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, rest);
    if (error == 0) return 0;
    return error == EINTR ? -1 : -2;
}

int mtx_init(mtx_t* mutex, int kind) {
    if ((kind & ~(mtx_recursive | mtx_timed)) != 0) return thrd_error;
    const bool recursive = (kind & mtx_recursive) != 0;
    const pthread_mutexattr_t attributes{recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_DEFAULT, 0, 0};
    return outcome(pthread_mutex_init(mutex, &attributes));
}
void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(mutex); }
int mtx_lock(mtx_t* mutex) { return outcome(pthread_mutex_lock(mutex)); }
int mtx_timedlock(mtx_t* mutex, const timespec* time) { return outcome(pthread_mutex_timedlock(mutex, time)); }
int mtx_trylock(mtx_t* mutex) { return outcome(pthread_mutex_trylock(mutex)); }
int mtx_unlock(mtx_t* mutex) { return outcome(pthread_mutex_unlock(mutex)); }

int cnd_init(cnd_t* condition) { return outcome(pthread_cond_init(condition, nullptr)); }
void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(condition); }
int cnd_signal(cnd_t* condition) { return outcome(pthread_cond_signal(condition)); }
int cnd_broadcast(cnd_t* condition) { return outcome(pthread_cond_broadcast(condition)); }
int cnd_wait(cnd_t* condition, mtx_t* mutex) { return outcome(pthread_cond_wait(condition, mutex)); }
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* time) {
    return outcome(pthread_cond_timedwait(condition, mutex, time));
}

int tss_create(tss_t* key, tss_dtor_t destructor) {
    return pthread_key_create(key, destructor) == 0 ? thrd_success : thrd_error;
}
void tss_delete(tss_t key) { pthread_key_delete(key); }
void* tss_get(tss_t key) { return pthread_getspecific(key); }
int tss_set(tss_t key, void* value) { return pthread_setspecific(key, value) == 0 ? thrd_success : thrd_error; }

void call_once(once_flag* flag, void (*routine)()) { pthread_once(flag, routine); }

int timespec_get(timespec* out, int base) {
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, out) == 0 ? base : 0;
}

}  // extern "C"
