// SPDX-License-Identifier: BSD-3-Clause
/// What POSIX knows of a thread, and all of them by their number.
#pragma once

#include "keys.hpp"
#include "wait.hpp"

#include <unicore/sched/locals.hpp>
#include <unicore/sched/thread.hpp>

#include <boost/intrusive/set.hpp>

#include <array>
#include <atomic>
#include <cstdint>

#include <pthread.h>
#include <setjmp.h>

namespace unicore::posix::threads {

struct Record {
    enum class Kind {
        created,  ///< by pthread_create; lies in the heap until it is joined, or has ended and was let go
        first,    ///< calls main
        foreign,  ///< by others: who created it joins it
    };

    explicit Record(Kind kind) noexcept : kind(kind) {}

    const Kind kind;
    pthread_t number = 0;
    std::array<char, 16> name{};

    void* (*start)(void*) = nullptr;
    void* argument = nullptr;
    int (*iso_start)(void*) = nullptr;  ///< what `start` calls for thrd_create
    void* value = nullptr;  ///< what it leaves to who joins it
    bool counted = true;    ///< whether the image lives on for it when main has left
    jmp_buf* base = nullptr;  ///< where pthread_exit goes
    _pthread_cleanup* cleanups = nullptr;
    sched::locals::AtEnd end{};
    Values values{};
    unsigned read_locks = 0;  ///< of pthread_rwlock_t, whatever the lock
    sigset_t blocked = 0;

    std::uintptr_t sched_number = 0;  ///< what sched calls it

    // Guarded by Records::mutex.
    sched::Thread thread{};
    bool round_robin = false;  ///< SCHED_RR, even with the priority of SCHED_OTHER
    bool detached = false;
    bool ended = false;
    Record* joined_by = nullptr;
    Record* joins = nullptr;
    Record* next_ended = nullptr;
    ParkedList joiner{};

    // The first four are the thread's own to change; who cancels it reads them, masked, as it does before it waits.
    std::atomic<bool> cancel_enabled = true;
    std::atomic<bool> cancel_asynchronous = false;
    std::atomic<bool> leaving = false;  ///< handlers and destructors are not cancelled
    bool at_point = false;  ///< in a function of the C library that is a cancellation point
    std::atomic<bool> cancel_requested = false;
    // Changed masked.
    Wait* waiting = nullptr;
    sched::WaitQueue* sleeping = nullptr;

    bool cancel_due() const noexcept { return cancel_requested && cancel_enabled && !leaving; }
    /// Has it end at its next cancellation point, which may be the wait that it is in. With Records::mutex.
    void cancel() noexcept;

    /// In Records::all_, which owns nothing; guarded by Records::mutex.
    boost::intrusive::set_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> all_hook{};
};

class Records {
public:
    /// What is below, and `ended` to `joiner` of each.
    sched::Mutex mutex;

    /// Gives it a number.
    void add(Record& record) noexcept;
    void remove(Record& record) noexcept { all_.erase(all_.iterator_to(record)); }
    /// Null when there is none, any more.
    Record* find(pthread_t number) noexcept;

    Record* ended = nullptr;      ///< and let go, by next_ended: somebody gives them back
    std::size_t live = 0;         ///< created, counted, not ended; changed masked
    sched::WaitQueue none_live;

private:
    struct Number {
        using type = pthread_t;
        pthread_t operator()(const Record& record) const noexcept { return record.number; }
    };
    boost::intrusive::set<
        Record, boost::intrusive::member_hook<Record, decltype(Record::all_hook), &Record::all_hook>,
        boost::intrusive::key_of_value<Number>, boost::intrusive::constant_time_size<false>>
        all_;
    pthread_t last_ = 0;
};

void start_records() noexcept;  ///< the boot step's part
Records& records() noexcept;

/// The record of the thread that runs. Context: thread.
Record& own() noexcept;
void set_own(Record& record) noexcept;

/// Takes and gives back those of pthread_create. Null without memory.
Record* make_record() noexcept;
void release_record(Record& record) noexcept;

/// Starts a thread with `record`, which was just made, and is given back when that fails. Errors: as pthread_create.
int launch(Record& record, const pthread_attr_t* attributes, pthread_t* number) noexcept;

/// Waits as the queue does, until the thread is to be cancelled: `stopped`, which a stop request ends it with, too.
Result<void> wait_cancellably(Record& self, sched::WaitQueue& queue, sched::Predicate condition,
                              time::Instant deadline) noexcept;

/// Leaves the thread, as pthread_exit.
[[noreturn]] void leave(void* value) noexcept;
/// Leaves it as cancelled.
[[noreturn]] void leave_cancelled() noexcept;

}  // namespace unicore::posix::threads
