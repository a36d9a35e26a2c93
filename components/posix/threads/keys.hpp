// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

#include <sys/types.h>

namespace unicore::posix::threads {

/// What one key means to one thread. Deleting a key makes a new generation of it, whose values are null.
struct Value {
    void* value;
    unsigned generation;
};

/// A thread's values, in blocks that are taken when there is something to keep.
struct Values {
    static constexpr std::size_t in_block = 16;
    std::array<Value*, PTHREAD_KEYS_MAX / in_block> blocks;
};

/// Calls what is called at a thread's end, as long as there are values, but not for ever, and gives the blocks back.
/// Context: thread, whose values they are.
void destroy_values(Values& values) noexcept;

}  // namespace unicore::posix::threads
