// SPDX-License-Identifier: BSD-3-Clause
/// Lists of threads that wait, over sched's parking. There is one CPU: what is masked is whole for all threads.
#pragma once

#include <unicore/platform/interrupts.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>

namespace unicore::posix::threads {

using platform::MaskGuard;
using sched::Parked;
using sched::ParkedList;

/// Masked for a scope that hands something to others: one of them that goes first does so at its end.
class HandingGuard {
    struct Settled {
        ~Settled() { sched::parking::settle(); }
    };
    Settled settled_;  // the mask is open then
    MaskGuard masked_;
};

/// An object of a C header as what it is made of. Zeroes are one that was initialised.
template <typename Own, typename Object>
Own& of(Object* object) noexcept {
    static_assert(sizeof(Own) <= sizeof(Object) && alignof(Own) <= alignof(Object), "give the header's struct room");
    return *reinterpret_cast<Own*>(object);
}

/// Has the longest waiter go on; false when nobody waits. It does not look at the object again. Context: masked.
bool hand_to_next(ParkedList& list) noexcept;
void hand_to_all(ParkedList& list) noexcept;

/// Waits in `list`, to which `self` was pushed, until it is handed something; false when the deadline came first.
/// Context: thread.
bool wait_in(ParkedList& list, Parked& self, time::Instant deadline) noexcept;

/// A wait that pthread_cancel ends; lives on the stack of who waits.
struct Wait {
    Parked parked;
    ParkedList* list = nullptr;
    bool cancelled = false;  ///< changed masked
};

struct Record;

/// Stands in the list from now on; false when the thread, which is `self`, is to be cancelled instead. Context: masked.
bool begin_wait(Record& self, Wait& wait, ParkedList& list) noexcept;

enum class Outcome { handed, timed_out, cancelled };

/// Goes on with it. Context: thread.
Outcome finish_wait(Record& self, Wait& wait, time::Instant deadline) noexcept;

}  // namespace unicore::posix::threads
