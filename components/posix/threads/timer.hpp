// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/sched/mutex.hpp>
#include <unicore/time/clock.hpp>

#include <boost/intrusive/set.hpp>

#include <cstdint>

#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace unicore::posix::threads {

/// A timer of POSIX. One that notifies has a thread of its own, which sleeps until it expires: sched's order of
/// deadlines is the only one. One that does not is looked at when somebody asks.
struct Timer {
    timer_t number = 0;
    clockid_t clock = CLOCK_MONOTONIC;
    void (*function)(sigval) = nullptr;  ///< null: no thread
    sigval value{};

    // Guarded by Timers::mutex.
    bool armed = false;
    bool deleted = false;  ///< its thread gives it back
    time::Instant next{};
    time::Duration interval{};  ///< 0: once
    int overruns = 0;           ///< how many more expirations the last notification stood for
    sched::ConditionVariable changed{};

    /// How often it has expired by now since it was last asked, and what comes next.
    std::uint64_t expire(time::Instant now) noexcept {
        if (!armed || now < next) return 0;
        if (interval == time::Duration::zero()) {
            armed = false;
            return 1;
        }
        const auto count = static_cast<std::uint64_t>((now - next) / interval) + 1;
        next += interval * static_cast<time::Duration::rep>(count);
        return count;
    }

    /// In Timers::all, which owns nothing; guarded by its mutex.
    boost::intrusive::set_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> all_hook{};
};

class Timers {
public:
    sched::Mutex mutex;

    void add(Timer& timer) noexcept;
    void remove(Timer& timer) noexcept { all_.erase(all_.iterator_to(timer)); }
    Timer* find(timer_t number) noexcept;

private:
    struct Number {
        using type = timer_t;
        timer_t operator()(const Timer& timer) const noexcept { return timer.number; }
    };
    boost::intrusive::set<Timer, boost::intrusive::member_hook<Timer, decltype(Timer::all_hook), &Timer::all_hook>,
                          boost::intrusive::key_of_value<Number>, boost::intrusive::constant_time_size<false>>
        all_;
    timer_t last_ = 0;
};

void start_timers() noexcept;  ///< the boot step's part
Timers& timers() noexcept;

Timer* make_timer() noexcept;
void release_timer(Timer& timer) noexcept;

/// Gives a timer its thread. Errors: as pthread_create.
int start_thread(Timer& timer, const pthread_attr_t* attributes) noexcept;

}  // namespace unicore::posix::threads
