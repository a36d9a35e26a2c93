// SPDX-License-Identifier: BSD-3-Clause
// The locks of the C library, which one thread does not need. Weak, all of them: a provider of threads defines the
// whole set again, objects and functions, in a source that images link for another reason.
// [newlib, libc/misc/lock.c]
#include <sys/lock.h>

struct __lock {
    char unused;
};

extern "C" {

[[gnu::weak]] constinit __lock __lock___sinit_recursive_mutex{};
[[gnu::weak]] constinit __lock __lock___sfp_recursive_mutex{};
[[gnu::weak]] constinit __lock __lock___atexit_recursive_mutex{};
[[gnu::weak]] constinit __lock __lock___at_quick_exit_mutex{};
[[gnu::weak]] constinit __lock __lock___malloc_recursive_mutex{};
[[gnu::weak]] constinit __lock __lock___env_recursive_mutex{};
[[gnu::weak]] constinit __lock __lock___tz_mutex{};
[[gnu::weak]] constinit __lock __lock___dd_hash_mutex{};
[[gnu::weak]] constinit __lock __lock___arc4random_mutex{};

[[gnu::weak]] void __retarget_lock_init(_LOCK_T* lock) { *lock = nullptr; }
[[gnu::weak]] void __retarget_lock_init_recursive(_LOCK_T* lock) { *lock = nullptr; }
[[gnu::weak]] void __retarget_lock_close(_LOCK_T) {}
[[gnu::weak]] void __retarget_lock_close_recursive(_LOCK_T) {}
[[gnu::weak]] void __retarget_lock_acquire(_LOCK_T) {}
[[gnu::weak]] void __retarget_lock_acquire_recursive(_LOCK_T) {}
[[gnu::weak]] int __retarget_lock_try_acquire(_LOCK_T) { return 1; }
[[gnu::weak]] int __retarget_lock_try_acquire_recursive(_LOCK_T) { return 1; }
[[gnu::weak]] void __retarget_lock_release(_LOCK_T) {}
[[gnu::weak]] void __retarget_lock_release_recursive(_LOCK_T) {}

}  // extern "C"
