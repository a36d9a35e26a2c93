// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <errno.h>
#include <pthread.h>

namespace unicore::posix::threads {

/// Sets an attribute to a value that is one: 0, else EINVAL.
template <typename Value>
int set(Value& attribute, Value value, bool good) noexcept {
    if (!good) return EINVAL;
    attribute = value;
    return 0;
}

/// There is one process, and all of it shares what it has: both values mean the same.
inline int set_shared(int& attribute, int value) noexcept {
    return set(attribute, value, value == PTHREAD_PROCESS_PRIVATE || value == PTHREAD_PROCESS_SHARED);
}

}  // namespace unicore::posix::threads
