// SPDX-License-Identifier: BSD-3-Clause
// Barriers. [POSIX.1-2017, pthread_barrier_init, pthread_barrier_wait]
#include "attribute.hpp"
#include "wait.hpp"

#include <memory>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

struct Barrier {
    unsigned needed;
    unsigned here;  ///< changed masked
    ParkedList waiters;
};

}  // namespace

extern "C" {

/// Errors: EINVAL for 0.
int pthread_barrier_init(pthread_barrier_t* object, const pthread_barrierattr_t*, unsigned count) {
    if (count == 0) return EINVAL;
    std::construct_at(&of<Barrier>(object))->needed = count;
    return 0;
}

/// Errors: EBUSY while threads wait.
int pthread_barrier_destroy(pthread_barrier_t* object) {
    const MaskGuard masked;
    return of<Barrier>(object).here == 0 ? 0 : EBUSY;
}

/// The last to come returns PTHREAD_BARRIER_SERIAL_THREAD, and the barrier is as new. Nobody looks at it on the way
/// out, so it may be destroyed by whoever is out first.
int pthread_barrier_wait(pthread_barrier_t* object) {
    auto& barrier = of<Barrier>(object);
    Parked self;
    {
        const HandingGuard masked;
        if (++barrier.here == barrier.needed) {
            barrier.here = 0;
            hand_to_all(barrier.waiters);
            return PTHREAD_BARRIER_SERIAL_THREAD;
        }
        barrier.waiters.push(self);
    }
    wait_in(barrier.waiters, self, time::never);
    return 0;
}

int pthread_barrierattr_init(pthread_barrierattr_t* attributes) {
    *attributes = {};
    return 0;
}
int pthread_barrierattr_destroy(pthread_barrierattr_t*) { return 0; }

int pthread_barrierattr_setpshared(pthread_barrierattr_t* attributes, int shared) {
    return set_shared(attributes->_shared, shared);
}
int pthread_barrierattr_getpshared(const pthread_barrierattr_t* attributes, int* shared) {
    *shared = attributes->_shared;
    return 0;
}

}  // extern "C"
