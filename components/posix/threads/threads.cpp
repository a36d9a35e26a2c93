// SPDX-License-Identifier: BSD-3-Clause
// Life and end of threads. [POSIX.1-2017, pthread_create, pthread_detach, pthread_exit, pthread_join, pthread_self]
#include "record.hpp"

#include "priorities.hpp"

#include <unicore/posix/threads/config.hpp>

#include <cstring>
#include <expected>
#include <string_view>
#include <utility>

#include <errno.h>
#include <stdlib.h>

namespace unicore::posix::threads {

namespace {

/// Its creator's, unless attributes have some. Errors: EINVAL.
std::expected<Scheduling, int> scheduling_for(const pthread_attr_t* attributes) noexcept {
    if (attributes == nullptr || attributes->_inherits == PTHREAD_INHERIT_SCHED) return scheduling_of(own());
    const Scheduling wanted{attributes->_policy, attributes->_parameters.sched_priority};
    if (const int error = check(wanted); error != 0) return std::unexpected(error);
    return wanted;
}

/// Gives back those that have ended and were let go. A thread cannot do that to itself.
void reap() noexcept {
    for (;;) {
        Record* record;
        {
            const sched::Guard guard(records().mutex);
            record = records().ended;
            if (record == nullptr) return;
            records().ended = record->next_ended;
        }
        record->thread.join();
        release_record(*record);
    }
}

/// What waits for the end of `self` hears of it.
void end(Record& self) noexcept {
    const sched::Guard guard(records().mutex);
    self.ended = true;
    if (self.detached) {
        records().remove(self);
        if (self.kind == Record::Kind::created) self.next_ended = std::exchange(records().ended, &self);
    }
    const HandingGuard masked;
    hand_to_next(self.joiner);
    if (self.kind == Record::Kind::created && self.counted && --records().live == 0) records().none_live.wake_all();
}

/// The end of a thread that pthread_create made: it registers this first, so that it comes last.
void finish(sched::locals::AtEnd&) noexcept {
    Record& self = own();
    self.leaving = true;
    destroy_values(self.values);
    sched::locals::finish();  // what the destructors of values began to use
    end(self);
}

void run(void* argument) noexcept {
    auto& self = *static_cast<Record*>(argument);
    { const sched::Guard launched(records().mutex); }
    set_own(self);
    self.end.run = finish;
    sched::locals::at_end(self.end);
    jmp_buf base;
    self.base = &base;
    if (setjmp(base) == 0) self.value = self.start(self.argument);
}

/// The image lives on until the last thread has ended, or it is to stop. Then it ends well.
[[noreturn]] void leave_main(Record& self) noexcept {
    destroy_values(self.values);
    end(self);
    static_cast<void>(records().none_live.wait([] { return records().live == 0; }));
    exit(EXIT_SUCCESS);
}

/// Whether `thread` waits for the end of `self`, by itself or by what it waits for.
bool waits_for(const Record& thread, const Record& self) noexcept {
    for (const Record* next = &thread; next != nullptr; next = next->joins)
        if (next == &self) return true;
    return false;
}

/// Waits for the end of another one: who it was, or ESRCH, EINVAL, EDEADLK, or EINTR when it is cancelled.
int wait_for_end(pthread_t number, Record*& thread) noexcept {
    Record& self = own();
    Wait wait;
    {
        const sched::Guard guard(records().mutex);
        thread = records().find(number);
        if (thread == nullptr) return ESRCH;
        if (thread->detached || thread->joined_by != nullptr) return EINVAL;
        if (waits_for(*thread, self)) return EDEADLK;
        if (thread->ended) {
            records().remove(*thread);
            return 0;
        }
        bool begun;
        {
            const MaskGuard masked;
            begun = begin_wait(self, wait, thread->joiner);
        }
        if (!begun) return EINTR;
        thread->joined_by = &self;
        self.joins = thread;
    }
    if (finish_wait(self, wait, time::never) == Outcome::cancelled) return EINTR;  // another one may have joined it since
    const sched::Guard guard(records().mutex);
    self.joins = nullptr;
    records().remove(*thread);
    return 0;
}

}  // namespace

int launch(Record& record, const pthread_attr_t* attributes, pthread_t* number) noexcept {
    reap();
    const auto scheduling = scheduling_for(attributes);
    if (!scheduling) {
        release_record(record);
        return scheduling.error();
    }
    record.round_robin = scheduling->policy == SCHED_RR;
    record.detached = attributes != nullptr && attributes->_detached == PTHREAD_CREATE_DETACHED;
    record.blocked = own().blocked;
    const std::size_t stack_size = attributes != nullptr ? attributes->_stack_size : config::stack_size;
    const sched::Guard guard(records().mutex);  // it may begin at once, and waits for this
    auto started = sched::Thread::create(
        run, &record, {.name = record.name.data(), .stack_size = stack_size, .priority = to_sched(*scheduling)});
    if (!started) {
        release_record(record);
        return EAGAIN;
    }
    record.thread = std::move(*started);
    record.sched_number = record.thread.number();
    records().add(record);
    *number = record.number;
    if (record.counted) {
        const MaskGuard masked;
        ++records().live;
    }
    return 0;
}

void leave(void* value) noexcept {
    Record& self = own();
    self.leaving = true;
    self.at_point = false;
    self.value = value;
    while (self.cleanups != nullptr) {
        const _pthread_cleanup& cleanup = *std::exchange(self.cleanups, self.cleanups->_next);
        cleanup._routine(cleanup._argument);
    }
    if (self.kind == Record::Kind::first) leave_main(self);
    if (self.kind == Record::Kind::foreign) sched::end_thread();
    longjmp(*self.base, 1);
}

}  // namespace unicore::posix::threads

using namespace unicore;
using namespace unicore::posix::threads;

extern "C" {

/// Errors: EAGAIN without memory; EINVAL for a priority that the attributes' policy has not.
int pthread_create(pthread_t* out, const pthread_attr_t* attributes, void* (*start)(void*), void* argument) {
    Record* const record = make_record();
    if (record == nullptr) return EAGAIN;
    constexpr std::string_view name = "pthread";
    name.copy(record->name.data(), record->name.size());
    record->start = start;
    record->argument = argument;
    return launch(*record, attributes, out);
}

/// Errors: ESRCH for threads that are no more; EINVAL for those that were let go or that another one joins; EDEADLK for
/// itself, and for threads that wait for it. A cancellation point.
int pthread_join(pthread_t number, void** value) {
    pthread_testcancel();
    Record* thread;
    const int error = wait_for_end(number, thread);
    if (error == EINTR) leave_cancelled();
    if (error != 0) return error;
    if (value != nullptr) *value = thread->value;
    if (thread->kind == Record::Kind::created) {
        thread->thread.join();
        release_record(*thread);
    }
    return 0;
}

/// Errors: ESRCH for threads that are no more; EINVAL for those that were let go or that another one joins.
int pthread_detach(pthread_t number) {
    Record* thread;
    {
        const sched::Guard guard(records().mutex);
        thread = records().find(number);
        if (thread == nullptr) return ESRCH;
        if (thread->detached || thread->joined_by != nullptr) return EINVAL;
        thread->detached = true;
        if (!thread->ended) return 0;
        records().remove(*thread);
        if (thread->kind == Record::Kind::created) thread->next_ended = std::exchange(records().ended, thread);
    }
    reap();
    return 0;
}

void pthread_exit(void* value) { leave(value); }

pthread_t pthread_self() { return own().number; }

int pthread_equal(pthread_t left, pthread_t right) { return left == right; }

/// Errors: ERANGE for more than 15 characters; ESRCH.
int pthread_setname_np(pthread_t number, const char* name) {
    const sched::Guard guard(records().mutex);
    Record* const thread = records().find(number);
    if (thread == nullptr) return ESRCH;
    const std::size_t length = std::strlen(name);
    if (length >= thread->name.size()) return ERANGE;
    std::memcpy(thread->name.data(), name, length + 1);
    return 0;
}

/// Errors: ERANGE when it does not fit; ESRCH.
int pthread_getname_np(pthread_t number, char* out, size_t size) {
    const sched::Guard guard(records().mutex);
    const Record* const thread = records().find(number);
    if (thread == nullptr) return ESRCH;
    const std::size_t length = std::strlen(thread->name.data());
    if (length >= size) return ERANGE;
    std::memcpy(out, thread->name.data(), length + 1);
    return 0;
}

}  // extern "C"
