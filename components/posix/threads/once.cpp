// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, pthread_once]
#include "wait.hpp"

#include <atomic>

#include <pthread.h>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

struct Once {
    enum : int { not_yet, running, done };
    std::atomic<int> state;  ///< changed masked
    ParkedList waiters;

    /// Whether this thread is the one to do it; false when it is done.
    bool begin() noexcept {
        for (;;) {
            Parked self;
            {
                const MaskGuard masked;
                if (state == done) return false;
                if (state == not_yet) {
                    state = running;
                    return true;
                }
                waiters.push(self);
            }
            wait_in(waiters, self, time::never);
        }
    }

    void end(int outcome) noexcept {
        const HandingGuard masked;
        state = outcome;
        hand_to_all(waiters);
    }
};

/// Another thread does it when this one was cancelled, or left.
void give_up(void* once) noexcept { static_cast<Once*>(once)->end(Once::not_yet); }

}  // namespace

extern "C" int pthread_once(pthread_once_t* object, void (*routine)()) {
    auto& once = of<Once>(object);
    if (once.state.load(std::memory_order_acquire) == Once::done || !once.begin()) return 0;
    pthread_cleanup_push(give_up, &once);
    routine();
    pthread_cleanup_pop(0);
    once.end(Once::done);
    return 0;
}
