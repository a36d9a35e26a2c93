// SPDX-License-Identifier: BSD-3-Clause
// What libc++ wants of threads, over the image's scheduler: __external_threading has the declarations. Every image has
// these, whether it has several threads or one; what makes threads is libcxx.thread's.
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <type_traits>

using namespace unicore;
using sched::ConditionVariable;
using sched::Mutex;
using sched::RecursiveMutex;

namespace {

/// The object whose room the library keeps, and never constructs or destroys: zeroes are one.
template <typename Object, typename Room>
Object& in(Room* room) noexcept {
    static_assert(sizeof(Object) <= sizeof(Room) && alignof(Object) <= alignof(Room));
    static_assert(std::is_trivially_destructible_v<Object>);
    return *reinterpret_cast<Object*>(room);
}

std::chrono::nanoseconds since(const timespec& time) noexcept {
    constexpr long long most = 1LL << 32;  // seconds: more than a century is for ever
    return std::chrono::seconds(std::min<long long>(time.tv_sec, most)) + std::chrono::nanoseconds(time.tv_nsec);
}

int wait_until(unicore_libcxx_condition* condition, unicore_libcxx_mutex* mutex, time::Instant deadline) noexcept {
    return in<ConditionVariable>(condition).wait_until(in<Mutex>(mutex), deadline) ? 0 : ETIMEDOUT;
}

/// Of all flags: they are used once.
constinit Mutex once_mutex;
constinit ConditionVariable once_changed;
enum : unsigned { untouched, running, done };

}  // namespace

extern "C" {

void unicore_libcxx_lock(unicore_libcxx_mutex* mutex) noexcept { in<Mutex>(mutex).lock(); }
bool unicore_libcxx_try_lock(unicore_libcxx_mutex* mutex) noexcept { return in<Mutex>(mutex).try_lock(); }
void unicore_libcxx_unlock(unicore_libcxx_mutex* mutex) noexcept { in<Mutex>(mutex).unlock(); }

void unicore_libcxx_lock_recursive(unicore_libcxx_mutex* mutex) noexcept { in<RecursiveMutex>(mutex).lock(); }
bool unicore_libcxx_try_lock_recursive(unicore_libcxx_mutex* mutex) noexcept { return in<RecursiveMutex>(mutex).try_lock(); }
void unicore_libcxx_unlock_recursive(unicore_libcxx_mutex* mutex) noexcept { in<RecursiveMutex>(mutex).unlock(); }

void unicore_libcxx_notify_one(unicore_libcxx_condition* condition) noexcept { in<ConditionVariable>(condition).notify_one(); }
void unicore_libcxx_notify_all(unicore_libcxx_condition* condition) noexcept { in<ConditionVariable>(condition).notify_all(); }

void unicore_libcxx_wait(unicore_libcxx_condition* condition, unicore_libcxx_mutex* mutex) noexcept {
    in<ConditionVariable>(condition).wait(in<Mutex>(mutex));
}

int unicore_libcxx_wait_until(unicore_libcxx_condition* condition, unicore_libcxx_mutex* mutex, const timespec* time) noexcept {
    return wait_until(condition, mutex, time::Instant(since(*time)));
}

int unicore_libcxx_wait_until_date(unicore_libcxx_condition* condition, unicore_libcxx_mutex* mutex,
                                   const timespec* time) noexcept {
    const time::Duration left = since(*time) - time::wall::date_or_uptime().time_since_epoch();
    return wait_until(condition, mutex, time::Monotonic::now() + left);
}

void unicore_libcxx_once(unsigned* flag, void (*function)()) {
    sched::Guard guard(once_mutex);
    while (*flag == running) once_changed.wait(once_mutex);
    if (*flag == done) return;
    *flag = running;
    once_mutex.unlock();
    function();
    once_mutex.lock();
    *flag = done;
    once_changed.notify_all();
}

/// Weak: libcxx.thread has the names of threads that std::thread made.
[[gnu::weak]] uintptr_t unicore_libcxx_current() noexcept { return sched::current_thread(); }

void unicore_libcxx_yield() noexcept { sched::yield(); }

/// A request to stop ends it early.
void unicore_libcxx_sleep(long long nanoseconds) noexcept {
    static_cast<void>(sched::sleep_for(std::chrono::nanoseconds(nanoseconds)));
}

}  // extern "C"
