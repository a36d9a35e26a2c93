// SPDX-License-Identifier: BSD-3-Clause
#include "fault.hpp"
#include "linux.hpp"

#include <unicore/arch/preemption.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/status.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/linux/impl/context.hpp>
#include <unicore/platform/linux/system_call.hpp>
#include <unicore/platform/linux/wait.hpp>
#include <unicore/power.hpp>

#include <algorithm>

namespace unicore::platform {

constinit std::atomic<Interrupts::State> Interrupts::state_{State::open};
constinit std::atomic<std::uint32_t> Interrupts::pending_{0};

namespace {

using linux::Call;
using linux::Signal;
using linux::TimeSpec;

constexpr std::uint32_t bit(Signal signal) noexcept { return 1U << static_cast<int>(signal); }
constexpr std::uint32_t stop_signals = bit(Signal::terminate) | bit(Signal::interrupt);

constexpr int clock_monotonic = 1;
constexpr int absolute_time = 1;  // TIMER_ABSTIME

/// What the current wait hands to the kernel. Handling a signal sets it to zero, long past: one that
/// comes before the system call makes that return at once, a later one interrupts it. So no wake-up
/// is lost, and a wait is one system call.
constinit volatile TimeSpec wait_deadline{};

/// When the first stop signal came; zero: not yet.
constinit std::chrono::nanoseconds stopped_at{};

/// Signals that belong together may come as several: `timeout` signals its child, then the group.
constexpr std::chrono::milliseconds stop_grace{100};

std::chrono::nanoseconds now() noexcept {
    TimeSpec time{};
    linux::system_call(Call::clock_gettime, clock_monotonic, &time);
    return std::chrono::seconds(time.seconds) + std::chrono::nanoseconds(time.nanoseconds);
}

/// Runs on the signal stack, other stop signals blocked, whether interrupts are masked or not.
void on_stop(int signal) noexcept {
    if (stopped_at.count() == 0) {
        stopped_at = now();
    } else if (now() - stopped_at >= stop_grace) {
        finish(128 + signal, " (second stop signal)");
    }
    Interrupts::raise(signal);
}

[[noreturn]] void on_fault(int signal, const linux::SignalInformation& information,
                           const linux::SignalContext& context) noexcept {
    using namespace linux::impl;
    const std::uintptr_t instruction = instruction_pointer(context);
    const linux::Fault fault{static_cast<Signal>(signal), information.code, information.address,
                             access(context, information.address), stack_pointer(context)};
    const linux::Description description = describe(fault);
    arch::fault(registers(context), description.what, description.has_address ? fault.address : instruction,
                description.has_address && fault.access == linux::Access::execute);
}

void on_signal(int signal, const linux::SignalInformation* information, const linux::SignalContext* context) noexcept {
    if ((1U << signal & stop_signals) != 0) return on_stop(signal);
    // A reader that went away loses the output, it does not end the image: the write says so.
    if (static_cast<Signal>(signal) == Signal::broken_pipe) return;
    on_fault(signal, *information, *context);
}

/// Signals run here: the thread's stack may be what is broken. The kernel's frame takes about
/// 3.5 KiB of it with AVX-512.
alignas(16) constinit std::byte signal_stack[16 * 1024];

/// One action for all. The alarm waits for the end of others, which have the signal stack.
constexpr linux::SignalAction action =
    linux::signal_action(on_signal, (stop_signals | bit(Signal::alarm)) >> 1, linux::restorer);  // signal 1 is bit 0

/// Lets a scheduler go on with another thread; not from the signal stack, of which there is one.
void end_interrupt() noexcept {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (here - reinterpret_cast<std::uintptr_t>(signal_stack) < sizeof signal_stack) linux::postpone_end();
    else arch::interrupt_ends();
}

}  // namespace

[[gnu::weak]] void linux::postpone_end() noexcept {}

void linux::start_signals() noexcept {
    static constexpr SignalStack stack = [] {
        SignalStack made{};  // the order of its members is the architecture's
        made.base = signal_stack;
        made.size = sizeof signal_stack;
        return made;
    }();
    system_call(Call::sigaltstack, &stack, nullptr);
    for (const Signal signal : {Signal::segmentation_fault, Signal::bus_error, Signal::illegal_instruction,
                                Signal::floating_point, Signal::trap, Signal::terminate, Signal::interrupt,
                                Signal::broken_pipe})
        system_call(Call::rt_sigaction, static_cast<int>(signal), &action, nullptr, sizeof action.mask);
}

void Interrupts::raise(int signal) noexcept {
    pending_.fetch_or(1U << signal, std::memory_order_relaxed);
    if (state_.load(std::memory_order_relaxed) == State::open) handle_pending();
}

void Interrupts::handle_pending() noexcept {
    do {
        mask();
        wait_deadline.seconds = 0;
        wait_deadline.nanoseconds = 0;
        while (const std::uint32_t signals = pending_.exchange(0, std::memory_order_relaxed))
            if ((signals & stop_signals) != 0) power::request_stop();
        end_interrupt();
        std::atomic_signal_fence(std::memory_order_seq_cst);
        state_.store(State::open, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        // One that came before the store was only noted.
    } while (pending_.load(std::memory_order_relaxed) != 0);
}

void Interrupts::unmask_and_wait() noexcept { linux::unmask_and_wait_until(std::chrono::nanoseconds::max()); }

void linux::unmask_and_wait_until(std::chrono::nanoseconds deadline) noexcept {
    const auto count = std::max<std::int64_t>(deadline.count(), 0);
    wait_deadline.seconds = count / 1'000'000'000;
    wait_deadline.nanoseconds = count % 1'000'000'000;
    open_and_sleep(wait_deadline);
    Interrupts::mask();
}

[[gnu::weak]] void linux::open_and_sleep(volatile TimeSpec& deadline) noexcept {
    Interrupts::open();
    system_call(Call::clock_nanosleep, clock_monotonic, absolute_time, &deadline, nullptr);
}

}  // namespace unicore::platform

[[gnu::weak]] void unicore::arch::interrupt_ends() noexcept {}
