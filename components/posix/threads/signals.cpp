// SPDX-License-Identifier: BSD-3-Clause
// There are no signals but those that a thread raises itself, and no fork. [POSIX.1-2017, pthread_atfork, pthread_kill,
// pthread_sigmask]
#include "record.hpp"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

using namespace unicore;
using namespace unicore::posix::threads;

extern "C" {

/// Keeps a mask for each thread, which threads that it creates begin with; raise does not look at it. Errors: EINVAL.
int pthread_sigmask(int how, const sigset_t* change, sigset_t* before) {
    sigset_t& blocked = own().blocked;
    const sigset_t old = blocked;
    if (change != nullptr) {
        if (how == SIG_BLOCK) blocked |= *change;
        else if (how == SIG_UNBLOCK) blocked &= ~*change;
        else if (how == SIG_SETMASK) blocked = *change;
        else return EINVAL;
    }
    if (before != nullptr) *before = old;
    return 0;
}

/// 0 asks whether the thread is there; to the thread itself it is raise. Errors: EINVAL for what is no signal; ESRCH;
/// ENOTSUP for signals to others.
int pthread_kill(pthread_t number, int signal) {
    if (signal < 0 || signal >= NSIG) return EINVAL;
    {
        const sched::Guard guard(records().mutex);
        if (records().find(number) == nullptr) return ESRCH;
    }
    if (signal == 0) return 0;
    if (number != own().number) return ENOTSUP;
    return raise(signal) == 0 ? 0 : errno;
}

/// Nothing forks, so nothing is ever called.
int pthread_atfork(void (*)(), void (*)(), void (*)()) { return 0; }

}  // extern "C"
