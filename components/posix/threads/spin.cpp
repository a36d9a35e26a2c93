// SPDX-License-Identifier: BSD-3-Clause
// Spin locks. There is one CPU: who spins keeps it from who has the lock, so they wait instead.
// [POSIX.1-2017, pthread_spin_init, pthread_spin_lock, pthread_spin_unlock]
#include "wait.hpp"

#include <memory>

#include <errno.h>
#include <pthread.h>

using namespace unicore;
using namespace unicore::posix::threads;

static sched::Mutex& mutex_of(pthread_spinlock_t* object) noexcept { return of<sched::Mutex>(object); }

extern "C" {

int pthread_spin_init(pthread_spinlock_t* object, int) {
    std::construct_at(&mutex_of(object));
    return 0;
}

/// Errors: EBUSY while it is locked.
int pthread_spin_destroy(pthread_spinlock_t* object) {
    if (!mutex_of(object).try_lock()) return EBUSY;
    mutex_of(object).unlock();
    return 0;
}

/// Errors: EDEADLK when the thread has it.
int pthread_spin_lock(pthread_spinlock_t* object) {
    if (mutex_of(object).held()) return EDEADLK;
    mutex_of(object).lock();
    return 0;
}

int pthread_spin_trylock(pthread_spinlock_t* object) { return mutex_of(object).try_lock() ? 0 : EBUSY; }

/// Errors: EPERM unless the thread has it.
int pthread_spin_unlock(pthread_spinlock_t* object) {
    if (!mutex_of(object).held()) return EPERM;
    mutex_of(object).unlock();
    return 0;
}

}  // extern "C"
