// SPDX-License-Identifier: BSD-3-Clause
// The locks of the C library, recursive or not. [newlib, libc/misc/lock.c]
#include <unicore/memory/heap.hpp>
#include <unicore/sched/mutex.hpp>

#include <memory>

#include <sys/lock.h>

using namespace unicore;

struct __lock {
    sched::RecursiveMutex mutex;
};

namespace {

/// For those that there was no memory for: a stream without a lock of its own shares one.
constinit __lock shared{};

__lock& of(_LOCK_T lock) noexcept { return lock != nullptr ? *lock : shared; }

}  // namespace

extern "C" {

constinit __lock __lock___sinit_recursive_mutex{};
constinit __lock __lock___sfp_recursive_mutex{};
constinit __lock __lock___atexit_recursive_mutex{};
constinit __lock __lock___at_quick_exit_mutex{};
constinit __lock __lock___malloc_recursive_mutex{};
constinit __lock __lock___env_recursive_mutex{};
constinit __lock __lock___tz_mutex{};
constinit __lock __lock___dd_hash_mutex{};
constinit __lock __lock___arc4random_mutex{};

void __retarget_lock_init_recursive(_LOCK_T* lock) {
    const auto block = memory::heap::allocate(sizeof(__lock), alignof(__lock));
    *lock = block ? std::construct_at(static_cast<__lock*>(*block)) : nullptr;
}
void __retarget_lock_close_recursive(_LOCK_T lock) { memory::heap::release(lock); }
void __retarget_lock_acquire_recursive(_LOCK_T lock) { of(lock).mutex.lock(); }
int __retarget_lock_try_acquire_recursive(_LOCK_T lock) { return of(lock).mutex.try_lock() ? 1 : 0; }
void __retarget_lock_release_recursive(_LOCK_T lock) { of(lock).mutex.unlock(); }

void __retarget_lock_init(_LOCK_T* lock) { __retarget_lock_init_recursive(lock); }
void __retarget_lock_close(_LOCK_T lock) { __retarget_lock_close_recursive(lock); }
void __retarget_lock_acquire(_LOCK_T lock) { __retarget_lock_acquire_recursive(lock); }
int __retarget_lock_try_acquire(_LOCK_T lock) { return __retarget_lock_try_acquire_recursive(lock); }
void __retarget_lock_release(_LOCK_T lock) { __retarget_lock_release_recursive(lock); }

}  // extern "C"
