// SPDX-License-Identifier: BSD-3-Clause
/// What each thread has its own of.
#pragma once

#include <cstddef>
#include <cstdint>

namespace unicore::sched {

/// What tells the thread that runs from others, not 0. The provider's. Context: thread.
std::uintptr_t current_thread() noexcept;

/// Whether that is the first one, which calls main. The provider's. Context: thread.
bool in_first_thread() noexcept;

namespace locals {

/// Something to be done when a thread ends, by that thread. Its owner keeps it until `run` is called.
struct AtEnd {
    void (*run)(AtEnd& self) noexcept = nullptr;
    AtEnd* next = nullptr;
};

/// A thread's own.
struct Locals {
    std::byte* block = nullptr;  ///< its thread_local variables; sched.tls knows what lies where
    AtEnd* at_end = nullptr;     ///< the last that was registered first
};

/// Those of the thread that runs. The provider's. Context: thread.
Locals& current() noexcept;

/// Has `entry.run` called when the thread that runs ends, before those that were registered earlier.
/// Context: thread, also in such a `run`.
inline void at_end(AtEnd& entry) noexcept {
    Locals& own = current();
    entry.next = own.at_end;
    own.at_end = &entry;
}

/// Runs them, until there are none. Providers call it at the end of each thread but the first one, which ends with the
/// image: a C++ library calls it then. Context: thread.
inline void finish() noexcept {
    Locals& own = current();
    while (own.at_end != nullptr) {
        AtEnd& entry = *own.at_end;
        own.at_end = entry.next;
        entry.run(entry);
    }
}

/// How many bytes a thread's block takes, and what it is aligned to. Providers with threads define it as well, weak: an
/// image without sched.tls has none.
struct Layout {
    std::size_t size = 0;
    std::size_t alignment = 1;
};
Layout layout() noexcept;

/// Fills a new thread's block. As above.
void prepare(std::byte* block) noexcept;

}  // namespace locals
}  // namespace unicore::sched
