// SPDX-License-Identifier: BSD-3-Clause
// Who has a mutex goes first as those who wait for it would, so that no thread between them keeps them waiting. A thread
// that waits for a mutex itself hands that on. [Sha, Rajkumar, Lehoczky: Priority Inheritance Protocols, 1990]
#include "scheduler.hpp"

#include <algorithm>
#include <utility>

namespace unicore::sched {

namespace threads {

void Scheduler::change_priority(Control& thread, unsigned priority) noexcept {
    if (thread.priority == priority) return;
    const bool queued = thread.ready_hook.is_linked();
    if (queued) take_from_ready(thread);
    thread.priority = priority;
    if (queued) make_ready(thread);
    if (current_ == &thread ? any_ready() && highest() > priority : queued && priority > current_->priority) wanted_ = true;
    if (thread.parked == nullptr) return;
    // It stands elsewhere among those who wait now, and lends more or less.
    Parked& parked = *thread.parked;
    ParkedList& waiters = parked.mutex->waiters();
    waiters.remove(parked);
    waiters.push(parked);
    parking::lend(*parked.mutex);
}

void Scheduler::inherit(Control& thread) noexcept {
    unsigned priority = thread.own_priority;
    for (Mutex* mutex = thread.lent; mutex != nullptr; mutex = mutex->lent().next)
        priority = std::max(priority, reinterpret_cast<Control*>(mutex->waiters().first()->thread)->priority);
    change_priority(thread, priority);
}

}  // namespace threads

using threads::Control;
using threads::scheduler;

namespace {

Control& thread(std::uintptr_t number) noexcept { return *reinterpret_cast<Control*>(number); }

}  // namespace

bool parking::before(const Parked& one, const Parked& other) noexcept {
    return thread(one.thread).priority > thread(other.thread).priority;
}

void parking::begins(Parked& parked) noexcept { thread(parked.thread).parked = &parked; }

void parking::ends(Parked& parked) noexcept { thread(parked.thread).parked = nullptr; }

void parking::lend(Mutex& mutex) noexcept {
    Mutex::Lent& lent = mutex.lent();
    const std::uintptr_t to = mutex.waiters().empty() ? 0 : mutex.owner();
    if (lent.to != to) {
        if (const std::uintptr_t former = std::exchange(lent.to, to); former != 0) {
            Mutex** place = &thread(former).lent;
            while (*place != &mutex) place = &(*place)->lent().next;
            *place = lent.next;
            scheduler().inherit(thread(former));
        }
        if (to != 0) lent.next = std::exchange(thread(to).lent, &mutex);
    }
    if (to != 0) scheduler().inherit(thread(to));
}

}  // namespace unicore::sched
