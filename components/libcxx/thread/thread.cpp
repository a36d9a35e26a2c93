// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, thread.threads; __external_threading has the declarations]
#include <unicore/libcxx/thread/config.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/thread.hpp>

#include <atomic>
#include <cerrno>
#include <memory>
#include <new>
#include <thread>

namespace sched = unicore::sched;
namespace config = unicore::libcxx::thread::config;

/// A thread that std::thread made; its address is its name, also for what is called at its end, however it ends.
struct unicore_libcxx_thread : sched::locals::AtEnd {
    unicore_libcxx_thread(void* (*function)(void*), void* argument) noexcept : function(function), argument(argument) {}

    void* (*function)(void*);
    void* argument;
    sched::Thread thread{};
    std::atomic<int> owners = 2;  ///< itself, and whoever joins or detaches it

    void release() noexcept {
        if (owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }
};

namespace {

constinit thread_local unicore_libcxx_thread* self = nullptr;

void end(sched::locals::AtEnd& self) noexcept { static_cast<unicore_libcxx_thread&>(self).release(); }

void run(void* context) noexcept {
    self = static_cast<unicore_libcxx_thread*>(context);
    self->run = end;
    sched::locals::at_end(*self);
    self->function(self->argument);
}

}  // namespace

extern "C" {

uintptr_t unicore_libcxx_current() noexcept {
    return self != nullptr ? reinterpret_cast<uintptr_t>(self) : sched::current_thread();
}

int unicore_libcxx_thread_create(unicore_libcxx_thread** out, void* (*function)(void*), void* argument) noexcept {
    std::unique_ptr<unicore_libcxx_thread> made(new (std::nothrow) unicore_libcxx_thread(function, argument));
    if (made == nullptr) return EAGAIN;
    auto thread = sched::Thread::create(run, made.get(), {.name = "std::thread", .stack_size = config::stack * 1024});
    if (!thread) return EAGAIN;
    made->thread = std::move(*thread);
    *out = made.release();
    return 0;
}

void unicore_libcxx_thread_join(unicore_libcxx_thread* thread) noexcept {
    thread->thread.join();
    thread->release();
}

void unicore_libcxx_thread_detach(unicore_libcxx_thread* thread) noexcept {
    thread->thread.detach();
    thread->release();
}

}  // extern "C"
