// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, timer_create, timer_settime, timer_getoverrun, timer_delete, clock_nanosleep]
#include "posix.hpp"

#include <unicore/memory/heap.hpp>

#include <array>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

namespace unicore::posix {

namespace {

volatile int calls, value, overruns;
volatile long called_at;
timer_t ticking;

sigevent event_of(void (*function)(sigval), int number = 0) noexcept {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_notify_function = function;
    event.sigev_value.sival_int = number;
    return event;
}

void notes(sigval number) {
    called_at = milliseconds();
    value = number.sival_int;
    overruns = timer_getoverrun(ticking);
    calls = calls + 1;
}

constexpr timespec of(long milliseconds) noexcept { return {milliseconds / 1000, milliseconds % 1000 * 1'000'000}; }
itimerspec once(long milliseconds) noexcept { return {{0, 0}, of(milliseconds)}; }
bool zero(const timespec& time) noexcept { return time.tv_sec == 0 && time.tv_nsec == 0; }

void notifying(debug::Check& check) noexcept {
    for (const clockid_t clock : {CLOCK_MONOTONIC, CLOCK_REALTIME}) {
        calls = 0;
        sigevent event = event_of(notes, 42);
        timer_t timer = 0;
        itimerspec setting = once(10), old{};
        check(timer_create(clock, &event, &timer) == 0, "a timer");
        ticking = timer;
        check(timer_gettime(timer, &old) == 0 && zero(old.it_value) && zero(old.it_interval), "that is not armed");
        long begin = milliseconds();
        check(timer_settime(timer, 0, &setting, &old) == 0 && zero(old.it_value), "expires once");
        check(eventually([] { return calls == 1; }) && value == 42 && called_at - begin >= 9 && overruns == 0,
              "in time");
        pause(5);
        check(calls == 1 && timer_gettime(timer, &old) == 0 && zero(old.it_value), "and no more");
        begin = milliseconds();
        setting = {{0, 0}, moment(10, clock)};
        check(timer_settime(timer, TIMER_ABSTIME, &setting, nullptr) == 0 && eventually([] { return calls == 2; }) &&
              called_at - begin >= 9, "at a moment");
        setting = {{0, 0}, moment(-1000, clock)};
        check(timer_settime(timer, TIMER_ABSTIME, &setting, nullptr) == 0 && eventually([] { return calls == 3; }),
              "at once for what is past");
        setting = {of(2), of(2)};
        check(timer_settime(timer, 0, &setting, nullptr) == 0 && eventually([] { return calls >= 8; }),
              "again and again");
        check(timer_gettime(timer, &old) == 0 && !zero(old.it_value) && old.it_interval.tv_nsec == 2'000'000 &&
              old.it_value.tv_sec == 0 && old.it_value.tv_nsec <= 2'000'000, "it says when");
        setting = {};
        check(timer_settime(timer, 0, &setting, &old) == 0 && old.it_interval.tv_nsec == 2'000'000,
              "until it is told not to");
        pause(2);
        const int so_far = calls;
        pause(8);
        check(calls == so_far, "then it is quiet");
        check(timer_delete(timer) == 0 && timer_delete(timer) == -1 && errno == EINVAL, "it is deleted once");
        check(timer_gettime(timer, &old) == -1 && errno == EINVAL && timer_settime(timer, 0, &setting, nullptr) == -1 &&
              errno == EINVAL && timer_getoverrun(timer) == -1 && errno == EINVAL, "and is no more");
    }
}

void quiet(debug::Check& check) noexcept {
    sigevent event{};
    event.sigev_notify = SIGEV_NONE;
    timer_t timer = 0;
    itimerspec setting = once(100'000), old{};
    check(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0, "a timer that tells nobody");
    check(timer_settime(timer, 0, &setting, nullptr) == 0 && timer_gettime(timer, &old) == 0 &&
          (old.it_value.tv_sec == 99 || (old.it_value.tv_sec == 100 && old.it_value.tv_nsec == 0)),
          "says what is left");
    setting = once(2);
    check(timer_settime(timer, 0, &setting, &old) == 0 && old.it_value.tv_sec >= 90, "and was");
    pause(4);
    check(timer_gettime(timer, &old) == 0 && zero(old.it_value), "until nothing is");
    setting = {of(1000), of(1)};
    check(timer_settime(timer, 0, &setting, nullptr) == 0, "with an interval");
    pause(4);
    check(timer_gettime(timer, &old) == 0 && !zero(old.it_value) && old.it_value.tv_sec == 0, "it begins anew");
    check(timer_delete(timer) == 0, "it is deleted");
}

void wrong(debug::Check& check) noexcept {
    sigevent event = event_of(notes);
    timer_t timer = 0;
    errno = 0;
    check(timer_create(77, &event, &timer) == -1 && errno == EINVAL, "a timer has a clock");
    event.sigev_notify = 77;
    check(timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 && errno == EINVAL, "and an event");
    event.sigev_notify = SIGEV_SIGNAL;
    check(timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 && errno == ENOTSUP, "that is no signal");
    check(timer_create(CLOCK_MONOTONIC, nullptr, &timer) == -1 && errno == ENOTSUP, "as it would be by default");
    event.sigev_notify = SIGEV_NONE;
    check(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0, "nothing is an event");
    itimerspec setting{{0, 0}, nonsense};
    check(timer_settime(timer, 0, &setting, nullptr) == -1 && errno == EINVAL, "nanoseconds make less than a second");
    setting = {nonsense, {1, 0}};
    check(timer_settime(timer, 0, &setting, nullptr) == -1 && errno == EINVAL, "between as well");
    setting = {{0, 0}, {-1, 0}};
    check(timer_settime(timer, 0, &setting, nullptr) == -1 && errno == EINVAL, "nothing begins before now");
    timer_delete(timer);
}

/// Expirations that come while a notification runs are one more, and counted.
void late(debug::Check& check) noexcept {
    calls = 0;
    overruns = 0;
    sigevent event = event_of([](sigval) {
        if (calls == 1) overruns = timer_getoverrun(ticking);
        calls = calls + 1;
        if (calls == 1) pause(30);
    });
    check(timer_create(CLOCK_MONOTONIC, &event, &ticking) == 0, "a timer");
    const itimerspec setting{of(2), of(2)};
    timer_settime(ticking, 0, &setting, nullptr);
    check(eventually([] { return calls >= 3; }) && overruns >= 5, "what was missed is counted");
    timer_delete(ticking);
}

/// A notification is like a thread of its own, and deletes its timer if it wants to.
void leaving(debug::Check& check) noexcept {
    static pthread_key_t key;
    static int destroyed, handled;
    pthread_key_create(&key, [](void*) { ++destroyed; });
    calls = 0;
    sigevent event = event_of([](sigval) {
        calls = calls + 1;
        pthread_setspecific(key, &destroyed);
        pthread_cleanup_push([](void*) { ++handled; }, nullptr);
        if (calls == 3) timer_delete(ticking);
        pthread_exit(nullptr);
        pthread_cleanup_pop(0);
    });
    auto nothing = [] {};
    pause(10);
    end_of(start(nothing));  // a new thread has those given back that ended
    const auto before = memory::heap::usage().allocated;
    check(timer_create(CLOCK_MONOTONIC, &event, &ticking) == 0, "a timer");
    const itimerspec setting{of(1), of(1)};
    timer_settime(ticking, 0, &setting, nullptr);
    check(eventually([] { return destroyed == 3; }) && handled == 3, "a notification leaves, and the next comes");
    pause(10);
    check(calls == 3, "not after the timer is deleted");
    end_of(start(nothing));
    check(memory::heap::usage().allocated == before, "nothing of it stays");
    pthread_key_delete(key);
}

void many(debug::Check& check) noexcept {
    static std::array<int, 16> order;
    static int next;
    next = 0;
    std::array<timer_t, 16> timers{};
    bool all = true;
    timespec start{};
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i != 16; ++i) {
        const int place = i * 7 % 16;
        // To a moment, and late enough for all of them to be there, however busy the machine is.
        const long after = start.tv_nsec / 1'000'000 + 400 + 10L * place;
        const auto notes = [](sigval number) { order[static_cast<std::size_t>(next++ % 16)] = number.sival_int; };
        sigevent event = event_of(notes, place);
        const itimerspec setting = {{0, 0}, {start.tv_sec + after / 1000, after % 1000 * 1'000'000}};
        all = all && timer_create(CLOCK_MONOTONIC, &event, &timers[static_cast<std::size_t>(i)]) == 0 &&
              timer_settime(timers[static_cast<std::size_t>(i)], TIMER_ABSTIME, &setting, nullptr) == 0;
    }
    check(all && eventually([] { return next == 16; }), "many timers expire");
    bool sorted = true;
    for (std::size_t i = 1; i != order.size(); ++i) sorted = sorted && order[i] > order[i - 1];
    check(sorted, "in their order");
    for (const timer_t timer : timers) timer_delete(timer);
}

void sleeping(debug::Check& check) noexcept {
    const timespec wanted{0, 5'000'000}, negative{-1, 0};
    long begin = milliseconds();
    check(clock_nanosleep(CLOCK_MONOTONIC, 0, &wanted, nullptr) == 0 && nanosleep(&wanted, nullptr) == 0 &&
          milliseconds() - begin >= 9, "sleeps take their time");
    const timespec end = moment(5, CLOCK_MONOTONIC), past = moment(-1000), date = moment(5);
    check(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr) == 0 &&
          clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &date, nullptr) == 0 &&
          clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, nullptr) == 0, "to their moments");
    check(clock_nanosleep(77, 0, &wanted, nullptr) == EINVAL &&
          clock_nanosleep(CLOCK_MONOTONIC, 0, &nonsense, nullptr) == EINVAL &&
          clock_nanosleep(CLOCK_MONOTONIC, 0, &negative, nullptr) == EINVAL, "which are some");
    errno = 0;
    check(nanosleep(&nonsense, nullptr) == -1 && errno == EINVAL, "nanosleep says so in errno");
    check(sleep(0) == 0 && usleep(1000) == 0, "the old ones, too");
}

}  // namespace

void timer_suite(debug::Check& check) noexcept {
    notifying(check);
    quiet(check);
    wrong(check);
    late(check);
    leaving(check);
    many(check);
    sleeping(check);
}

}  // namespace unicore::posix
