// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, XSH 2.8.4, 2.9.4; pthread_attr_setinheritsched, pthread_getschedparam, pthread_setschedprio,
// pthread_mutexattr_getprotocol, sched_get_priority_max]
#include "posix.hpp"

#include <unicore/sched/thread.hpp>

#include <array>
#include <atomic>

#include <errno.h>
#include <sched.h>
#include <semaphore.h>

namespace unicore::posix {

namespace {

struct Found {
    int policy = -1, priority = -1;
    bool operator==(const Found&) const noexcept = default;
};

Found of(pthread_t thread) noexcept {
    Found found;
    sched_param parameters{.sched_priority = -1};
    if (pthread_getschedparam(thread, &found.policy, &parameters) == 0) found.priority = parameters.sched_priority;
    return found;
}

int set(pthread_t thread, int policy, int priority) noexcept {
    const sched_param parameters{.sched_priority = priority};
    return pthread_setschedparam(thread, policy, &parameters);
}

pthread_attr_t explicitly(int policy, int priority) noexcept {
    pthread_attr_t attributes;
    const sched_param parameters{.sched_priority = priority};
    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, policy);
    pthread_attr_setschedparam(&attributes, &parameters);
    return attributes;
}

/// However slow the machine is: one that goes after all others runs when none of them can.
void all_others_wait() noexcept {
    pthread_attr_t last = explicitly(SCHED_RR, 0);
    auto nothing = [] {};
    end_of(start(nothing, &last));
}

/// What is so with every provider.
void usual(debug::Check& check) noexcept {
    check(of(pthread_self()) == Found{SCHED_OTHER, 0}, "main is as others are");
    check(sched_get_priority_min(SCHED_OTHER) == 0 && sched_get_priority_max(SCHED_OTHER) == 0,
          "who is so has one priority");
    errno = 0;
    check(sched_get_priority_max(SCHED_FIFO) == -1 && errno == EINVAL && set(pthread_self(), SCHED_FIFO, 0) == ENOTSUP,
          "nobody runs for as long as he likes");
    check(set(pthread_self(), SCHED_OTHER, 1) == EINVAL && of(pthread_self()) == Found{SCHED_OTHER, 0},
          "what is refused changes nothing");
    pthread_attr_t attributes = explicitly(SCHED_OTHER, 0);
    auto nothing = [] {};
    check(end_of(start(nothing, &attributes)) == &nothing, "attributes say as much");
    pthread_mutexattr_t protocol;
    pthread_mutexattr_init(&protocol);
    check(pthread_mutexattr_setprotocol(&protocol, PTHREAD_PRIO_PROTECT) == ENOTSUP, "no mutex has a ceiling");
}

/// A provider without priorities.
void none(debug::Check& check) noexcept {
    errno = 0;
    check(sched_get_priority_max(SCHED_RR) == -1 && errno == EINVAL && sched_get_priority_min(SCHED_RR) == -1,
          "there is one policy");
    check(set(pthread_self(), SCHED_RR, 1) == ENOTSUP && sched_getscheduler(0) == SCHED_OTHER, "no other can be had");
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    const sched_param parameters{.sched_priority = 1};
    check(pthread_attr_setschedpolicy(&attributes, SCHED_RR) == ENOTSUP &&
          pthread_attr_setschedparam(&attributes, &parameters) == ENOTSUP, "nor asked for");
    pthread_mutexattr_t protocol;
    int kind = -1;
    pthread_mutexattr_init(&protocol);
    check(pthread_mutexattr_setprotocol(&protocol, PTHREAD_PRIO_INHERIT) == ENOTSUP &&
          pthread_mutexattr_getprotocol(&protocol, &kind) == 0 && kind == PTHREAD_PRIO_NONE, "nothing is inherited");
    sched::set_priority(20);
    check(of(pthread_self()) == Found{SCHED_OTHER, 0}, "what sched is told means nothing here");
    sched::set_priority(sched::default_priority);
}

void ranges(debug::Check& check) noexcept {
    const int least = sched_get_priority_min(SCHED_RR), most = sched_get_priority_max(SCHED_RR);
    check(most - least >= 31, "SCHED_RR has at least 32 priorities");
    bool all = true;
    for (int priority = least; priority <= most; ++priority)
        all = all && set(pthread_self(), SCHED_RR, priority) == 0 && of(pthread_self()) == Found{SCHED_RR, priority};
    check(all, "and a thread has what it is given");
    check(set(pthread_self(), SCHED_RR, most + 1) == EINVAL && set(pthread_self(), SCHED_RR, least - 1) == EINVAL &&
          pthread_setschedprio(pthread_self(), most + 1) == EINVAL && of(pthread_self()) == Found{SCHED_RR, most},
          "no others");
    check(pthread_setschedprio(pthread_self(), 16) == 0 && of(pthread_self()) == Found{SCHED_RR, 16} &&
          sched::priority() == 16, "they are sched's");
    sched_param parameters{.sched_priority = 17};
    check(sched_getscheduler(0) == SCHED_RR && sched_setparam(0, &parameters) == 0 &&
          sched_getparam(0, &parameters) == 0 && parameters.sched_priority == 17, "asked for by either name");
    parameters.sched_priority = 0;
    check(sched_setscheduler(0, SCHED_OTHER, &parameters) == SCHED_RR && of(pthread_self()) == Found{SCHED_OTHER, 0} &&
          sched::priority() == sched::default_priority, "and given back");
    check(pthread_setschedprio(pthread_self(), 1) == EINVAL, "with its policy");

    Found inherited, given;
    auto asks = [&] { inherited = of(pthread_self()); };
    auto asks_too = [&] { given = of(pthread_self()); };
    set(pthread_self(), SCHED_RR, 20);
    end_of(start(asks));
    check(inherited == Found{SCHED_RR, 20}, "threads begin as who makes them");
    pthread_attr_t attributes = explicitly(SCHED_RR, 9);
    end_of(start(asks_too, &attributes));
    check(given == Found{SCHED_RR, 9}, "or as attributes have it");
    attributes = explicitly(SCHED_OTHER, 9);
    pthread_t nobody = 0;
    check(pthread_create(&nobody, &attributes, [](void* what) { return what; }, nullptr) == EINVAL,
          "if their policy has it");
    set(pthread_self(), SCHED_OTHER, 0);
}

/// Who is woken and goes first does so at once, whatever it waited for.
void at_once(debug::Check& check) noexcept {
    pthread_attr_t above = explicitly(SCHED_RR, 25);
    sem_t semaphore;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    pthread_barrier_t barrier;
    pthread_once_t once = PTHREAD_ONCE_INIT;
    sem_init(&semaphore, 0, 0), pthread_barrier_init(&barrier, nullptr, 2);
    bool went = false;
    auto takes = [&] { sem_wait(&semaphore), went = true; };
    pthread_t thread = start(takes, &above);
    sem_post(&semaphore);
    check(went, "a post wakes it");
    end_of(thread);

    bool go = false;
    auto waits = [&] {
        pthread_mutex_lock(&mutex);
        while (!go) pthread_cond_wait(&changed, &mutex);
        pthread_mutex_unlock(&mutex);
        went = true;
    };
    went = false;
    thread = start(waits, &above);
    pthread_mutex_lock(&mutex);
    go = true;
    pthread_mutex_unlock(&mutex);
    pthread_cond_broadcast(&changed);
    check(went, "a broadcast does");
    end_of(thread);

    went = false;
    auto writes = [&] { pthread_rwlock_wrlock(&lock), went = true, pthread_rwlock_unlock(&lock); };
    pthread_rwlock_rdlock(&lock);
    thread = start(writes, &above);
    check(!went, "who wants to write waits");
    pthread_rwlock_unlock(&lock);
    check(went, "until nobody reads");
    end_of(thread);

    went = false;
    auto comes = [&] { pthread_barrier_wait(&barrier), went = true; };
    thread = start(comes, &above);
    pthread_barrier_wait(&barrier);
    check(went, "a barrier opens");
    end_of(thread);

    auto sleeps = [] { pause(100'000); };
    auto joins = [&] { end_of(thread), went = true; };
    went = false;
    thread = start(sleeps, &above);
    const pthread_t joiner = start(joins, &above);
    pthread_cancel(thread);
    check(went, "a thread that is cancelled ends, and who joins it hears of that");
    end_of(joiner);

    static std::atomic<bool> inside, release;
    inside = release = false, went = false;
    auto first = [&] {
        pthread_once(&once, [] {
            inside = true;
            while (!release) {}
        });
    };
    auto second = [&] { pthread_once(&once, [] {}), went = true; };
    thread = start(first);
    while (!inside) sched_yield();
    const pthread_t later = start(second, &above);
    check(!went, "once is waited for");
    release = true;
    end_of(thread);
    check(went, "as long as it takes");
    end_of(later);
}

/// Among those who wait, the highest comes first.
void order(debug::Check& check) noexcept {
    std::array<int, 3> came{};
    std::atomic<int> next = 0;
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    auto first = [&] { sem_wait(&semaphore), came[0] = ++next; };
    auto second = [&] { sem_wait(&semaphore), came[1] = ++next; };
    auto third = [&] { sem_wait(&semaphore), came[2] = ++next; };
    pthread_attr_t low = explicitly(SCHED_RR, 3), high = explicitly(SCHED_RR, 9), middle = explicitly(SCHED_RR, 5);
    const std::array threads{start(first, &low), start(second, &high), start(third, &middle)};
    all_others_wait();
    for (int i = 0; i != 3; ++i) sem_post(&semaphore), all_others_wait();
    for (const pthread_t thread : threads) end_of(thread);
    check(came == std::array{3, 1, 2}, "who goes first is woken first");
}

/// The owner of a mutex is not kept waiting by a thread between it and who waits for the mutex.
void inheritance(debug::Check& check) noexcept {
    pthread_mutexattr_t attributes;
    int protocol = -1;
    pthread_mutexattr_init(&attributes);
    check(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT) == 0 &&
          pthread_mutexattr_getprotocol(&attributes, &protocol) == 0 && protocol == PTHREAD_PRIO_INHERIT,
          "a mutex inherits");
    pthread_mutex_t mutex;
    check(pthread_mutex_init(&mutex, &attributes) == 0, "and is made so");
    std::atomic<bool> had = false, release = false, done = false;
    auto owns = [&] {
        pthread_mutex_lock(&mutex);
        had = true;
        while (!release) {}
        pthread_mutex_unlock(&mutex);
    };
    auto busy = [&] {
        for (unsigned i = 0; !done && i != 2'000'000'000; ++i) asm volatile("" : : : "memory");
    };
    bool in_time = false;
    auto wants = [&] {
        release = true;
        const timespec end = moment(10'000);
        in_time = pthread_mutex_timedlock(&mutex, &end) == 0;
        done = true;
        if (in_time) pthread_mutex_unlock(&mutex);
    };
    set(pthread_self(), SCHED_RR, 30);
    pthread_attr_t low = explicitly(SCHED_RR, 2), middle = explicitly(SCHED_RR, 8), high = explicitly(SCHED_RR, 12);
    const pthread_t owner = start(owns, &low);
    while (!had) pause(1);
    const pthread_t between = start(busy, &middle), waiter = start(wants, &high);
    end_of(waiter), end_of(between), end_of(owner);
    set(pthread_self(), SCHED_OTHER, 0);
    check(in_time, "nobody comes in between");
    check(pthread_mutex_destroy(&mutex) == 0, "it ends");
}

/// Others' priorities, which take effect at once.
void others(debug::Check& check) noexcept {
    std::atomic<bool> over = false;
    std::atomic<unsigned> count = 0;
    auto counts = [&] { while (!over) ++count; };
    pthread_attr_t low = explicitly(SCHED_RR, 1);
    const pthread_t thread = start(counts, &low);
    check(count == 0 && of(thread) == Found{SCHED_RR, 1}, "one that is below waits");
    auto lowers = [&] {
        while (of(thread).priority == 1) pause(1);
        pause(5);
        set(thread, SCHED_RR, 1);
    };
    pthread_attr_t high = explicitly(SCHED_RR, 28);
    const pthread_t lowering = start(lowers, &high);
    check(set(thread, SCHED_RR, 27) == 0 && count != 0, "and runs when it is raised");
    check(of(thread) == Found{SCHED_RR, 1}, "until it is lowered");
    over = true;
    end_of(lowering), end_of(thread);
}

}  // namespace

void priority_suite(debug::Check& check) noexcept {
    usual(check);
    if (!sched::has_priorities()) return none(check);
    ranges(check);
    at_once(check);
    order(check);
    inheritance(check);
    others(check);
}

}  // namespace unicore::posix
