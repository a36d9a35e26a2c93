// SPDX-License-Identifier: BSD-3-Clause
// What libc++ wants of threads, over the image's scheduler: __external_threading has the declarations.
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <cerrno>
#include <chrono>
#include <mutex>

using namespace unicore;

namespace {
struct State { void* owner; unsigned depth; };
State& state(unicore_libcxx_mutex* m) { return reinterpret_cast<State&>(*m); }
}

extern "C" {
void unicore_libcxx_lock(unicore_libcxx_mutex* m) noexcept { while (state(m).depth) sched::yield(); state(m).depth = 1; }
bool unicore_libcxx_try_lock(unicore_libcxx_mutex* m) noexcept { if (state(m).depth) return false; state(m).depth = 1; return true; }
void unicore_libcxx_unlock(unicore_libcxx_mutex* m) noexcept { state(m).depth = 0; }
void unicore_libcxx_lock_recursive(unicore_libcxx_mutex* m) noexcept { ++state(m).depth; }
bool unicore_libcxx_try_lock_recursive(unicore_libcxx_mutex* m) noexcept { ++state(m).depth; return true; }
void unicore_libcxx_unlock_recursive(unicore_libcxx_mutex* m) noexcept { --state(m).depth; }
void unicore_libcxx_notify_one(unicore_libcxx_condition*) noexcept {}
void unicore_libcxx_notify_all(unicore_libcxx_condition*) noexcept {}
void unicore_libcxx_wait(unicore_libcxx_condition*, unicore_libcxx_mutex*) noexcept { sched::yield(); }
int unicore_libcxx_wait_until(unicore_libcxx_condition*, unicore_libcxx_mutex*, const struct timespec*) noexcept { sched::yield(); return ETIMEDOUT; }
void unicore_libcxx_once(unsigned* flag, void (*function)()) { if (*flag == 0) { *flag = 1; function(); } }
uintptr_t unicore_libcxx_current() noexcept { return 1; }
void unicore_libcxx_yield() noexcept { sched::yield(); }
void unicore_libcxx_sleep(long long nanoseconds) noexcept { static_cast<void>(sched::sleep_for(std::chrono::nanoseconds(nanoseconds))); }
static void* slots[16]; static int used;
int unicore_libcxx_key(int* key, void (*)(void*)) noexcept { *key = used++; return 0; }
void* unicore_libcxx_value(int key) noexcept { return slots[key]; }
int unicore_libcxx_set_value(int key, void* value) noexcept { slots[key] = value; return 0; }
}
