// SPDX-License-Identifier: BSD-3-Clause
#include "fiber.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <dlfcn.h>
#include <sys/mman.h>

// The address sanitizer wants to know of stacks; not there without it. [sanitizer/common_interface_defs.h,
// sanitizer/lsan_interface.h, sanitizer/asan_interface.h]
extern "C" {
[[gnu::weak]] void __sanitizer_start_switch_fiber(void** fake_stack, const void* bottom, std::size_t size);
[[gnu::weak]] void __sanitizer_finish_switch_fiber(void* fake_stack, const void** bottom, std::size_t* size);
[[gnu::weak]] void __asan_unpoison_memory_region(const volatile void* address, std::size_t size);
[[gnu::weak]] void __lsan_disable();
[[gnu::weak]] void __lsan_enable();
}

namespace unicore::xen::simulator {
namespace {

constexpr std::size_t stack_size = 512 * 1024;
constexpr std::size_t guard_size = 4096;

/// The C library's own: the sanitizer's wrapper warns that it does not know of fibers, which it is told of here.
int swap(ucontext_t* from, const ucontext_t* to) {
    using Swap = int(ucontext_t*, const ucontext_t*);
    static auto* const swapcontext = reinterpret_cast<Swap*>(dlsym(dlopen("libc.so.6", RTLD_NOW), "swapcontext"));
    return swapcontext(from, to);
}

void start_switch(void** fake_stack, const void* bottom, std::size_t size) {
    if (__sanitizer_start_switch_fiber != nullptr) __sanitizer_start_switch_fiber(fake_stack, bottom, size);
}

void finish_switch(void* fake_stack, const void** bottom, std::size_t* size) {
    if (__sanitizer_finish_switch_fiber != nullptr) __sanitizer_finish_switch_fiber(fake_stack, bottom, size);
}

}  // namespace

Fiber::Fiber(std::function<void()> body)
    : body_(std::move(body)),
      stack_(static_cast<std::byte*>(mmap(nullptr, guard_size + stack_size, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))) {
    if (stack_ == MAP_FAILED || mprotect(stack_, guard_size, PROT_NONE) != 0) std::perror("no stack"), std::abort();
}

Fiber::~Fiber() {
    if (started_ && !done_) {  // once more, so that it gives its fake stack back
        dying_ = true;
        enter();
    }
    if (__asan_unpoison_memory_region != nullptr) __asan_unpoison_memory_region(stack_, guard_size + stack_size);
    munmap(stack_, guard_size + stack_size);
}

std::exception_ptr Fiber::enter() {
    // What an abandoned stack holds is never freed, which is nobody's fault.
    if (__lsan_disable != nullptr) __lsan_disable();
    void* fake_stack = nullptr;
    start_switch(&fake_stack, stack_ + guard_size, stack_size);
    if (!std::exchange(started_, true)) {
        getcontext(&inside_);
        inside_.uc_stack = {.ss_sp = stack_ + guard_size, .ss_flags = 0, .ss_size = stack_size};
        inside_.uc_link = nullptr;
        const auto self = reinterpret_cast<std::uintptr_t>(this);
        makecontext(&inside_, reinterpret_cast<void (*)()>(&Fiber::start), 2, static_cast<unsigned>(self >> 32),
                    static_cast<unsigned>(self));
    }
    swap(&outside_, &inside_);
    finish_switch(fake_stack, nullptr, nullptr);
    if (__lsan_enable != nullptr) __lsan_enable();
    return std::exchange(failure_, nullptr);
}

void Fiber::start(unsigned high, unsigned low) {
    reinterpret_cast<Fiber*>(std::uintptr_t{high} << 32 | low)->run();
}

void Fiber::run() {
    finish_switch(nullptr, &outside_bottom_, &outside_size_);
    try {
        body_();
    } catch (...) {
        failure_ = std::current_exception();
    }
    done_ = true;
    back(true);
}

void Fiber::back(bool ends) {
    start_switch(ends ? nullptr : &fake_stack_, outside_bottom_, outside_size_);
    swap(&inside_, &outside_);
}

void Fiber::leave() {
    back(false);
    finish_switch(fake_stack_, &outside_bottom_, &outside_size_);
    if (dying_) back(true);
}

}  // namespace unicore::xen::simulator
