// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/context.hpp>

#include <sanitizer/common_interface_defs.h>

#include <cstdlib>

namespace unicore::arch {
namespace {

thread_local Context* left = nullptr;     ///< by the switch that is going on
thread_local Context* entered = nullptr;  ///< by the same

#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

}  // namespace

void Context::prepare(std::span<std::byte> stack, void (*main)(void*) noexcept, void* argument) noexcept {
    getcontext(&state_);
    state_.uc_stack.ss_sp = stack.data();
    state_.uc_stack.ss_size = stack.size();
    state_.uc_link = nullptr;
    stack_ = stack;
    main_ = main;
    argument_ = argument;
    makecontext(&state_, reinterpret_cast<void (*)()>(&Context::begin), 0);
}

void Context::arrived(void* shadow) noexcept {
    const void* bottom = nullptr;
    std::size_t size = 0;
    if constexpr (sanitized) __sanitizer_finish_switch_fiber(shadow, &bottom, &size);
    if (left->stack_.empty()) left->stack_ = {static_cast<const std::byte*>(bottom), size};
}

void Context::begin() noexcept {
    Context& self = *entered;
    arrived(nullptr);
    self.main_(self.argument_);
    std::abort();  // it never returns
}

void Context::switch_to(Context& from, Context& to) noexcept {
    left = &from;
    entered = &to;
    void* shadow = nullptr;
    if constexpr (sanitized) __sanitizer_start_switch_fiber(&shadow, to.stack_.data(), to.stack_.size());
    swapcontext(&from.state_, &to.state_);
    arrived(shadow);
}

}  // namespace unicore::arch

// Tests interrupt at calls of functions, which keep all there is.
extern "C" void unicore_save_interrupted(std::byte*) noexcept {}
extern "C" void unicore_restore_interrupted(const std::byte*) noexcept {}
