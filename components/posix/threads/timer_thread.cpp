// SPDX-License-Identifier: BSD-3-Clause
// What notifies of a timer's expirations, one call after the other. [POSIX.1-2017, XSH 2.4.1, SIGEV_THREAD]
#include "record.hpp"
#include "timer.hpp"

#include <algorithm>
#include <string_view>

#include <errno.h>

namespace unicore::posix::threads {

namespace {

/// As a thread of its own would call it: it may leave, and what it keeps is destroyed afterwards.
void notify(Timer& timer) noexcept {
    Record& self = own();
    jmp_buf base;
    self.base = &base;
    if (setjmp(base) == 0) timer.function(timer.value);
    self.leaving = true;
    destroy_values(self.values);
    self.cancel_requested = self.cancel_asynchronous = false;
    self.cancel_enabled = true;
    self.leaving = false;
}

void* serve(void* argument) noexcept {
    auto& timer = *static_cast<Timer*>(argument);
    timers().mutex.lock();
    while (!timer.deleted) {
        const auto count = timer.armed ? timer.expire(time::Monotonic::now()) : 0;
        if (count == 0) {
            static_cast<void>(timer.changed.wait_until(timers().mutex, timer.armed ? timer.next : time::never));
            continue;
        }
        timer.overruns = static_cast<int>(std::min<std::uint64_t>(count - 1, DELAYTIMER_MAX));
        timers().mutex.unlock();
        notify(timer);
        sched::yield();  // whatever the interval
        timers().mutex.lock();
    }
    timers().mutex.unlock();
    release_timer(timer);
    return nullptr;
}

}  // namespace

int start_thread(Timer& timer, const pthread_attr_t* attributes) noexcept {
    Record* const record = make_record();
    if (record == nullptr) return EAGAIN;
    constexpr std::string_view name = "timer";
    name.copy(record->name.data(), record->name.size());
    record->start = serve;
    record->argument = &timer;
    record->counted = false;
    pthread_attr_t own_attributes;
    if (attributes != nullptr) own_attributes = *attributes;
    else pthread_attr_init(&own_attributes);
    own_attributes._detached = PTHREAD_CREATE_DETACHED;
    pthread_t number;
    return launch(*record, &own_attributes, &number);
}

}  // namespace unicore::posix::threads
