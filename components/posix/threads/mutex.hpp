// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "wait.hpp"

#include <pthread.h>

namespace unicore::posix::threads {

/// What a pthread_mutex_t is made of.
struct Mutex {
    int kind;
    unsigned depth;  ///< how often its owner has locked it, beyond the first time
    sched::Mutex mutex;
};

}  // namespace unicore::posix::threads
