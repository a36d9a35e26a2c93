// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "frequency.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/interrupts/pc/timer.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/i8254/measure.hpp>
#include <unicore/time/pvclock.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace unicore::time::tsc {

namespace timer = interrupts::pc::timer;
using pvclock::multiply;
using pvclock::PvclockTime;
using pvclock::Scale;
using namespace std::string_view_literals;

/// The clock that a PC's time-stamp counter makes, and the timer to sleep by. All times in
/// nanoseconds. Chosen and measured at the first use.
/// `Cpu` has cpuid(leaf), write_msr(number, value) and cycles(), all static.
template <typename Cpu>
class TscClock {
public:
    /// Never goes back, whatever a hypervisor says. Context: thread or masked.
    std::uint64_t now() noexcept {
        if (page_.multiplier == 0) [[unlikely]]
            choose();
        const auto time = page_.read([] noexcept { return Cpu::cycles(); });
        if (!time) [[unlikely]]
            refuse();
        return last_ = std::max(last_, *time);
    }

    /// As time::clock::idle_until has it. The first one only prepares, and returns: whatever came in
    /// while that had the mask open must be looked at before the CPU halts.
    void idle_until(std::uint64_t deadline) noexcept {
        if (mode_ == Mode::none) return start_timer();
        arm(deadline);
        platform::Interrupts::unmask_and_wait();
    }

    /// As time::clock::interrupt_at has it.
    void interrupt_at(std::uint64_t deadline) noexcept {
        if (mode_ == Mode::none) start_timer();
        arm(deadline);
    }

private:
    enum class Mode : std::uint8_t { none, one_shot, deadline };

    /// Nothing, where the timer is armed for that already: it is the hypervisor's, and telling it costs more than all else.
    void arm(std::uint64_t deadline) noexcept {
        if (deadline == armed_for_ && timer::armed()) return;
        armed_for_ = deadline;
        const std::uint64_t before = now();
        const std::uint64_t wait = deadline > before ? deadline - before : 0;
        if (mode_ == Mode::deadline) timer::arm_deadline(Cpu::cycles() + page_.scale().ticks(fit(wait)));
        else timer::arm(fit(multiply(wait, rate_)) + 1);
    }

    static constexpr std::uint32_t tsc_deadline = 1 << 24;  // CPUID.1:ECX

    static constexpr std::uint32_t fit(std::uint64_t value) noexcept {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, 0xffff'fffe));
    }

    /// Of no kvmclock, CPUID and 8254 one tells the frequency, or a kvmclock is never in a state to be read.
    [[noreturn]] static void refuse() noexcept { panic("no usable clock"sv); }

    void start_timer() noexcept {
        now();
        if ((Cpu::cpuid(1).ecx & tsc_deadline) != 0) {
            timer::start(timer::Mode::deadline);
            mode_ = Mode::deadline;
            return;
        }
        timer::start(timer::Mode::one_shot);
        mode_ = Mode::one_shot;
        // Nothing tells the timer's rate, so it is what the timer is seen to do, over waits that double
        // until one has 4 ms. Latency makes the rate seem lower, never higher, so the highest of some
        // counts, and a sleep may end early, which its caller sees. One tick more is waited than counted:
        // it may be a short one.
        constexpr std::uint64_t enough = 4'000'000;
        constexpr std::uint32_t first = 1 << 8, some = first << 5, last = 1 << 20;  // 4 µs, 0.1 ms, 17 ms at 1 GHz / 16
        std::uint64_t waited = 0;
        for (std::uint32_t ticks = first; ticks < some || (waited < enough && ticks < last); ticks *= 2) {
            const std::uint64_t before = now();
            wait(ticks + 1);
            waited = now() - before;
            rate_ = std::max(rate_, fit((std::uint64_t{ticks} << 32) / (waited | 1)));
        }
    }

    /// Halts until the timer has run out. Other interrupts may come meanwhile.
    static void wait(std::uint32_t ticks) noexcept {
        timer::arm(ticks);
        do platform::Interrupts::unmask_and_wait();
        while (timer::left() != 0);
    }

    [[gnu::noinline]] void choose() noexcept {
        const platform::MaskGuard masked;
        if (const std::uint32_t kvmclock = kvmclock_register<Cpu>(); kvmclock != 0) {
            Cpu::write_msr(kvmclock, reinterpret_cast<std::uintptr_t>(&page_) | 1);
            if (page_.multiplier != 0) return;
            Cpu::write_msr(kvmclock, 0);
        }
        std::uint64_t hertz = frequency<Cpu>();
        if (!plausible(hertz)) hertz = measure();
        if (page_.multiplier != 0) return;  // an interrupt handler looked at the clock meanwhile, and spoilt this
        if (!plausible(hertz)) refuse();
        const Scale scale = Scale::of(hertz);
        page_.shift = scale.shift;
        page_.multiplier = scale.multiplier;
    }

    /// Counts the time-stamp counter against the 8254, and reads both when the local APIC's timer ends the halt, whenever
    /// that is. 0 when there is no 8254, or no peace.
    static std::uint64_t measure() noexcept {
        constexpr std::uint32_t first = 1 << 15;  // 0.5 ms at 1 GHz / 16, 52 ms at 10 MHz / 16
        timer::start(timer::Mode::one_shot);
        return i8254::measure([] noexcept { return Cpu::cycles(); }, [](std::uint32_t ticks) noexcept { wait(ticks); }, first);
    }

    PvclockTime page_ alignas(64);  ///< the hypervisor's, or filled in here once; a multiplier of 0: not chosen yet
    std::uint64_t last_ = 0;
    std::uint64_t armed_for_ = 0;
    std::uint32_t rate_ = 0;  ///< of the timer, in mode one_shot: ticks per nanosecond, times 2^32
    Mode mode_ = Mode::none;
};

}  // namespace unicore::time::tsc
