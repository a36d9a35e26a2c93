// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, pthread_create, pthread_join, pthread_detach, pthread_exit, pthread_self, pthread_attr_init and its
// like; XSH 2.9.2]
#include "posix.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/sched/thread.hpp>

#include <array>
#include <cstring>

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

namespace unicore::posix {

namespace {

void* answers(void* argument) { return argument; }

void* exits(void* argument) {
    const auto deeper = [](void* value) { pthread_exit(value); };
    deeper(argument);
    return nullptr;
}

void life(debug::Check& check) noexcept {
    int here = 0;
    pthread_t thread = 0;
    check(pthread_create(&thread, nullptr, answers, &here) == 0, "a thread starts");
    check(!pthread_equal(thread, pthread_self()) && pthread_equal(pthread_self(), pthread_self()), "it is another one");
    void* value = nullptr;
    check(pthread_join(thread, &value) == 0 && value == &here, "join gives what it returned");
    check(pthread_join(thread, &value) == ESRCH, "it is joined once");
    check(pthread_detach(thread) == ESRCH && pthread_cancel(thread) == ESRCH && pthread_kill(thread, 0) == ESRCH,
          "and is no more");
    check(pthread_create(&thread, nullptr, exits, &here) == 0 && pthread_join(thread, &value) == 0 && value == &here,
          "pthread_exit leaves from any depth");
    check(pthread_create(&thread, nullptr, answers, nullptr) == 0 && pthread_join(thread, nullptr) == 0,
          "nobody has to want the value");
    pthread_t itself = 0;
    auto asks = [&] { itself = pthread_self(); };
    thread = start(asks);
    end_of(thread);
    check(itself == thread, "pthread_self is what pthread_create said");
    check(pthread_join(pthread_self(), nullptr) == EDEADLK, "nobody joins itself");

    const pthread_t first = pthread_self();
    int error = 0;
    auto joins = [&] { error = pthread_join(first, nullptr); };
    thread = start(joins);
    pause();
    check(pthread_join(thread, nullptr) == EDEADLK, "nobody joins who joins it");
    check(pthread_cancel(thread) == 0 && end_of(thread) == PTHREAD_CANCELED && error == 0,
          "who waits for ever is cancelled");
}

void letting_go(debug::Check& check) noexcept {
    bool go_on = false;
    auto waits = [&] { while (!go_on) pause(1); };
    pthread_t thread = start(waits);
    check(pthread_detach(thread) == 0, "a thread is let go");
    check(pthread_detach(thread) == EINVAL && pthread_join(thread, nullptr) == EINVAL, "once, and not joined");
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    const pthread_t born_free = start(waits, &attributes);
    check(born_free != 0 && pthread_join(born_free, nullptr) == EINVAL, "or begins so");
    go_on = true;
    check(eventually([&] { return pthread_kill(thread, 0) == ESRCH && pthread_kill(born_free, 0) == ESRCH; }),
          "it is no more when it ends");

    auto returns = [] {};
    thread = start(returns);
    pause();
    check(pthread_kill(thread, 0) == 0, "one that has ended is there until it is joined");
    check(pthread_detach(thread) == 0 && pthread_detach(thread) == ESRCH, "or let go");

    auto other = [&] { pause(20); };
    const pthread_t slow = start(other);
    auto joins = [&] { pthread_join(slow, nullptr); };
    const pthread_t joiner = start(joins);
    pause();
    check(pthread_join(slow, nullptr) == EINVAL && pthread_detach(slow) == EINVAL, "one thread joins another");
    end_of(joiner);
}

/// Nothing of a thousand threads stays.
void given_back(debug::Check& check) noexcept {
    auto body = [] {};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    const auto some = [&] {
        bool all = true;
        for (int i = 0; i != 100; ++i) {
            all = all && start(body, &attributes) != 0;
            sched_yield();
            all = all && end_of(start(body)) == &body;
        }
        pause();
        return end_of(start(body)) == &body && all;
    };
    check(some(), "threads come and go");
    const auto before = memory::pages::usage().taken.value;
    bool all = true;
    for (int i = 0; i != 5; ++i) all = all && some();
    check(all, "as often as wanted");
    check(memory::pages::usage().taken.value <= before, "and give their memory back");
}

/// Until there is no memory: EAGAIN, and all goes on.
void too_many(debug::Check& check) noexcept {
    bool go_on = false;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    auto waits = [&] {
        pthread_mutex_lock(&mutex);
        while (!go_on) pthread_cond_wait(&changed, &mutex);
        pthread_mutex_unlock(&mutex);
    };
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    check(pthread_attr_setstacksize(&attributes, std::size_t{16} << 20) == 0, "stacks may be large");
    constexpr std::size_t most = 4096;
    static std::array<pthread_t, most> threads;
    std::size_t count = 0;
    int error = 0;
    for (; count != most; ++count) {
        const auto call = [](void* what) -> void* {
            (*static_cast<decltype(waits)*>(what))();
            return what;
        };
        error = pthread_create(&threads[count], &attributes, call, &waits);
        if (error != 0) break;
    }
    check(error == EAGAIN, "without memory there is no thread");
    pthread_mutex_lock(&mutex);
    go_on = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    bool all = true;
    for (std::size_t i = 0; i != count; ++i) all = all && end_of(threads[i]) == &waits;
    check(all, "those that there are end");
    check(end_of(start(waits)) == &waits, "and others start");
    pthread_attr_setstacksize(&attributes, SIZE_MAX / 4);
    check(start(waits, &attributes) == 0, "a stack larger than memory is none");
}

void attributes(debug::Check& check) noexcept {
    pthread_attr_t attributes;
    int number = -1;
    std::size_t size = 0;
    sched_param parameters{.sched_priority = -1};
    check(pthread_attr_init(&attributes) == 0, "attributes");
    check(pthread_attr_getdetachstate(&attributes, &number) == 0 && number == PTHREAD_CREATE_JOINABLE, "joinable");
    check(pthread_attr_setdetachstate(&attributes, 7) == EINVAL, "or not, but nothing else");
    check(pthread_attr_getstacksize(&attributes, &size) == 0 && size >= PTHREAD_STACK_MIN, "a stack");
    check(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN - 1) == EINVAL, "not too small");
    check(pthread_attr_setstacksize(&attributes, 128 * 1024) == 0 &&
          pthread_attr_getstacksize(&attributes, &size) == 0 && size == 128 * 1024, "of the size that is wanted");
    check(pthread_attr_setguardsize(&attributes, 12345) == 0 &&
          pthread_attr_getguardsize(&attributes, &size) == 0 && size == 12345, "a guard");
    check(pthread_attr_getschedpolicy(&attributes, &number) == 0 && number == SCHED_OTHER, "a policy");
    check(pthread_attr_setschedpolicy(&attributes, 77) == EINVAL, "none that does not exist");
    check(pthread_attr_setschedpolicy(&attributes, SCHED_OTHER) == 0, "SCHED_OTHER does");
    check(pthread_attr_getschedparam(&attributes, &parameters) == 0 &&
          parameters.sched_priority >= sched_get_priority_min(SCHED_OTHER) &&
          parameters.sched_priority <= sched_get_priority_max(SCHED_OTHER), "a priority of the policy's");
    check(pthread_attr_setschedparam(&attributes, &parameters) == 0, "which can be set");
    parameters.sched_priority = 1'000'000;
    check(pthread_attr_setschedparam(&attributes, &parameters) == ENOTSUP, "others cannot");
    check(pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED) == 0 &&
          pthread_attr_getinheritsched(&attributes, &number) == 0 && number == PTHREAD_EXPLICIT_SCHED, "explicitly");
    check(pthread_attr_setinheritsched(&attributes, 9) == EINVAL, "or not");
    check(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_SYSTEM) == 0 &&
          pthread_attr_setscope(&attributes, PTHREAD_SCOPE_PROCESS) == ENOTSUP &&
          pthread_attr_getscope(&attributes, &number) == 0 && number == PTHREAD_SCOPE_SYSTEM, "in one scope");

    bool right = false;
    auto deep = [&] {
        volatile unsigned char local[100 * 1024];
        for (std::size_t i = 0; i != sizeof local; ++i) local[i] = static_cast<unsigned char>(i);
        sched_yield();
        right = true;
        for (std::size_t i = 0; i != sizeof local; ++i) right = right && local[i] == static_cast<unsigned char>(i);
    };
    end_of(start(deep, &attributes));
    check(right, "a thread has the stack that it was promised");
    auto small = [] {};
    check(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) == 0 && end_of(start(small, &attributes)) == &small,
          "the smallest stack is enough for a thread");
    check(pthread_attr_destroy(&attributes) == 0, "attributes end");

    check(pthread_getschedparam(pthread_self(), &number, &parameters) == 0 && number == SCHED_OTHER,
          "threads have both");
    check(pthread_setschedparam(pthread_self(), number, &parameters) == 0 &&
          pthread_setschedprio(pthread_self(), parameters.sched_priority) == 0, "and keep them");
    check(pthread_setschedparam(pthread_self(), 77, &parameters) == EINVAL &&
          pthread_setschedprio(pthread_self(), 1'000'000) == EINVAL &&
          pthread_setschedprio(0, parameters.sched_priority) == ESRCH, "unless there are none such");
    errno = 0;
    check(sched_get_priority_max(77) == -1 && errno == EINVAL, "a policy has a highest priority");
    check(sched_yield() == 0, "threads yield");
    check(sched_getscheduler(0) == SCHED_OTHER && sched_getparam(0, &parameters) == 0 &&
          sched_setparam(0, &parameters) == 0, "the process has them, too");
    check(sched_getscheduler(getpid() + 1) == -1 && errno == ESRCH, "others are not there");
}

void names(debug::Check& check) noexcept {
    char name[16] = "";
    check(pthread_getname_np(pthread_self(), name, sizeof name) == 0 && strcmp(name, "main") == 0, "main has its name");
    check(pthread_getname_np(pthread_self(), name, 4) == ERANGE, "which wants its room");
    check(pthread_setname_np(pthread_self(), "fifteen letters") == 0 &&
          pthread_getname_np(pthread_self(), name, sizeof name) == 0 && strcmp(name, "fifteen letters") == 0,
          "or another");
    check(pthread_setname_np(pthread_self(), "sixteen  letters") == ERANGE, "not too long a one");
    check(pthread_setname_np(0, "nobody") == ESRCH && pthread_getname_np(0, name, sizeof name) == ESRCH,
          "nor of nobody");
    bool known = false;
    auto asks = [&] {
        pthread_setname_np(pthread_self(), "worker");
        known = strcmp(sched::thread_name(), "worker") == 0;
    };
    end_of(start(asks));
    check(known, "sched knows it by it");
}

/// Threads of sched are threads of POSIX as well.
void foreign(debug::Check& check) noexcept {
    static pthread_key_t key;
    static int destroyed;
    pthread_key_create(&key, [](void*) { ++destroyed; });
    static pthread_t number, again, sleeper;
    static int error, cancelled;
    auto sleeps = [] { pause(100'000); };
    sleeper = start(sleeps);
    const auto body = [](void*) noexcept {
        cancelled = pthread_cancel(sleeper);
        number = pthread_self();
        again = pthread_self();
        error = pthread_setspecific(key, &number);
    };
    {
        auto thread = sched::Thread::create(body, nullptr, {.name = "foreign", .stack_size = 32 * 1024});
        check(thread.has_value(), "sched starts a thread");
    }
    check(cancelled == 0 && end_of(sleeper) == PTHREAD_CANCELED, "which cancels others");
    check(number != 0 && number == again && number != pthread_self(), "it has a number");
    check(error == 0 && destroyed == 1, "and values, which are destroyed at its end");
    check(pthread_kill(number, 0) == ESRCH, "when it is no more");
    // It leaves as others do, with its handlers and values.
    static int handled;
    static bool further;
    const auto leaves = [](void* how) noexcept {
        number = pthread_self();
        pthread_setspecific(key, &number);
        pthread_cleanup_push([](void*) { ++handled; }, nullptr);
        if (how != nullptr) pause(100'000);
        pthread_exit(nullptr);
        pthread_cleanup_pop(0);
        further = true;
    };
    { const auto thread = sched::Thread::create(leaves, nullptr, {.name = "leaves", .stack_size = 32 * 1024}); }
    check(handled == 1 && destroyed == 2 && !further, "it leaves by pthread_exit");
    {
        const auto thread = sched::Thread::create(leaves, &key, {.name = "sleeps", .stack_size = 32 * 1024});
        pause();
        check(pthread_cancel(number) == 0, "and is cancelled");
    }
    check(handled == 2 && destroyed == 3 && !further && pthread_kill(number, 0) == ESRCH, "then it is no more");
    pthread_key_delete(key);
}

/// Whether the caller's frame is in a stack that attributes have.
[[gnu::noinline]] bool in_stack(const pthread_attr_t& attributes) noexcept {
    void* base = nullptr;
    std::size_t size = 0;
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    return pthread_attr_getstack(&attributes, &base, &size) == 0 && base != nullptr &&
           here - reinterpret_cast<std::uintptr_t>(base) < size;
}

void running(debug::Check& check) noexcept {
    pthread_attr_t attributes;
    int number = -1;
    check(pthread_getattr_np(pthread_self(), &attributes) == 0 && in_stack(attributes), "main knows its stack");
    bool inside = false, go_on = false;
    auto asks = [&] {
        pthread_attr_t own;
        inside = pthread_getattr_np(pthread_self(), &own) == 0 && in_stack(own);
        while (!go_on) pause(1);
    };
    pthread_attr_t wanted;
    pthread_attr_init(&wanted);
    pthread_attr_setstacksize(&wanted, 48 * 1024);
    const pthread_t thread = start(asks, &wanted);
    std::size_t size = 0;
    check(pthread_getattr_np(thread, &attributes) == 0 && !in_stack(attributes) &&
          pthread_attr_getstacksize(&attributes, &size) == 0 && size >= 48 * 1024 &&
          pthread_attr_getdetachstate(&attributes, &number) == 0 && number == PTHREAD_CREATE_JOINABLE,
          "others are asked for as well");
    pthread_detach(thread);
    check(pthread_getattr_np(thread, &attributes) == 0 && pthread_attr_getdetachstate(&attributes, &number) == 0 &&
          number == PTHREAD_CREATE_DETACHED, "and are told as they are now");
    go_on = true;
    check(eventually([&] { return pthread_getattr_np(thread, &attributes) == ESRCH; }) && inside,
          "as long as they are");
    const auto body = [](void* where) noexcept {
        pthread_attr_t own;
        *static_cast<bool*>(where) = pthread_getattr_np(pthread_self(), &own) == 0 && in_stack(own);
    };
    inside = false;
    { const auto other = sched::Thread::create(body, &inside, {.name = "foreign", .stack_size = 32 * 1024}); }
    check(inside, "whoever made them");
    void* base = &base;
    check(pthread_attr_getstack(&wanted, &base, &size) == 0 && base == nullptr && size == 48 * 1024,
          "a thread that is not there yet has a size alone");
}

void signals(debug::Check& check) noexcept {
    static volatile sig_atomic_t raised = 0;
    signal(SIGUSR1, [](int) { raised = raised + 1; });
    check(pthread_kill(pthread_self(), SIGUSR1) == 0 && raised == 1, "a thread signals itself");
    check(pthread_kill(pthread_self(), NSIG) == EINVAL && pthread_kill(pthread_self(), -1) == EINVAL,
          "with what is one");
    bool go_on = false;
    sigset_t inherited = 0;
    auto waits = [&] {
        pthread_sigmask(SIG_BLOCK, nullptr, &inherited);
        while (!go_on) pause(1);
    };
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    check(pthread_sigmask(SIG_BLOCK, &set, &old) == 0 && !sigismember(&old, SIGUSR2), "a mask is kept");
    const pthread_t thread = start(waits);
    check(pthread_kill(thread, SIGUSR1) == ENOTSUP && raised == 1, "others cannot be signalled");
    check(pthread_kill(thread, 0) == 0, "but asked for");
    go_on = true;
    end_of(thread);
    check(sigismember(&inherited, SIGUSR2), "new threads begin with it");
    check(pthread_sigmask(SIG_UNBLOCK, &set, &old) == 0 && sigismember(&old, SIGUSR2) &&
          pthread_sigmask(SIG_SETMASK, nullptr, &old) == 0 && !sigismember(&old, SIGUSR2), "it changes");
    check(pthread_sigmask(99, &set, nullptr) == EINVAL, "in known ways");
    check(pthread_atfork(nullptr, nullptr, nullptr) == 0, "who forks is told nothing");
    check(pthread_setconcurrency(3) == 0 && pthread_getconcurrency() == 3 && pthread_setconcurrency(-1) == EINVAL,
          "a wish is kept");
}

}  // namespace

void life_suite(debug::Check& check) noexcept {
    life(check);
    letting_go(check);
    given_back(check);
    too_many(check);
    attributes(check);
    names(check);
    foreign(check);
    running(check);
    signals(check);
}

}  // namespace unicore::posix
