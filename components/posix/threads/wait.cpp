// SPDX-License-Identifier: BSD-3-Clause
#include "wait.hpp"

#include "record.hpp"

#include <utility>

namespace unicore::posix::threads {

namespace {

void hand(Parked& parked) noexcept {
    parked.handed = true;
    sched::parking::unpark(parked);
}

}  // namespace

bool hand_to_next(ParkedList& list) noexcept {
    if (list.empty()) return false;
    hand(list.pop());
    return true;
}

void hand_to_all(ParkedList& list) noexcept {
    while (hand_to_next(list)) {}
}

bool wait_in(ParkedList& list, Parked& self, time::Instant deadline) noexcept {
    if (sched::parking::park(self, deadline)) return true;
    const MaskGuard masked;
    if (!self.handed) list.remove(self);
    return self.handed;
}

bool begin_wait(Record& self, Wait& wait, ParkedList& list) noexcept {
    if (self.cancel_due()) return false;
    wait.list = &list;
    list.push(wait.parked);
    self.waiting = &wait;
    return true;
}

Outcome finish_wait(Record& self, Wait& wait, time::Instant deadline) noexcept {
    static_cast<void>(sched::parking::park(wait.parked, deadline));
    const MaskGuard masked;  // who cancels must not find what stands in no list any more
    self.waiting = nullptr;
    if (wait.cancelled) return Outcome::cancelled;
    if (wait.parked.handed) return Outcome::handed;
    wait.list->remove(wait.parked);
    return Outcome::timed_out;
}

void Record::cancel() noexcept {
    const HandingGuard masked;
    cancel_requested = true;
    if (!cancel_due()) return;
    if (sleeping != nullptr) sleeping->wake_all();
    if (waiting == nullptr || waiting->parked.handed) return;
    waiting->list->remove(waiting->parked);
    waiting->cancelled = true;
    if (joins != nullptr) std::exchange(joins, nullptr)->joined_by = nullptr;
    hand(waiting->parked);
}

}  // namespace unicore::posix::threads
