// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "frequency.hpp"
#include "pit.hpp"
#include "pvclock.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/interrupt/pc/timer.hpp>
#include <unicore/platform/interrupts.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace unicore::time::tsc {

namespace timer = interrupt::pc::timer;
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
            panic("kvmclock does not settle"sv);
        return last_ = std::max(last_, *time);
    }

    /// As time::clock::idle_until has it.
    void idle_until(std::uint64_t deadline) noexcept {
        const std::uint64_t before = now();
        std::uint64_t wait = deadline > before ? deadline - before : 0;
        if (mode_ == Mode::none) start_timer();
        if (mode_ == Mode::deadline) {
            timer::arm_deadline(Cpu::cycles() + page_.scale().ticks(fit(wait)));
            platform::Interrupts::unmask_and_wait();
            return;
        }
        if (rate_ <= slowest_rate) wait = std::min(wait, first_wait);
        const std::uint32_t ticks = fit(multiply(wait, std::max(rate_, slowest_rate)));
        timer::arm(ticks + 1);
        platform::Interrupts::unmask_and_wait();
        learn(ticks, timer::left(), now() - before);
    }

private:
    enum class Mode : std::uint8_t { none, one_shot, deadline };

    static constexpr std::uint32_t hypervisor_present = 1u << 31, tsc_deadline = 1 << 24;  // CPUID.1:ECX

    /// In ticks per nanosecond, times 2^32: that of a 10 MHz bus, divided by 16.
    static constexpr std::uint32_t slowest_rate = (std::uint64_t{10'000'000 / 16} << 32) / 1'000'000'000;
    /// As long as the rate is not known, a wait is at most that long on the slowest bus.
    static constexpr std::uint64_t first_wait = 1 << 24;
    /// Waits that teach: long against the latency of an interrupt, short against what stops a
    /// virtual machine and its clock while the timer goes on.
    static constexpr std::uint64_t shortest_lesson = 1 << 20, longest_lesson = 1 << 25;

    static constexpr std::uint32_t fit(std::uint64_t value) noexcept {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, 0xffff'fffe));
    }

    /// The rate of the timer is what it was seen to do: of `ticks` + 1, `left` are left. That one more
    /// may have been short. Latency makes the rate seem slower, never faster, so that a wait may end
    /// early, which its caller sees; a wait too short to tell teaches when it says "faster".
    void learn(std::uint32_t ticks, std::uint32_t left, std::uint64_t nanoseconds) noexcept {
        const std::uint32_t seen = left > ticks ? 0 : fit((std::uint64_t{ticks - left} << 32) / (nanoseconds | 1));
        if (nanoseconds < longest_lesson && (nanoseconds >= shortest_lesson || seen > rate_)) rate_ = seen;
    }

    void start_timer() noexcept {
        mode_ = (Cpu::cpuid(1).ecx & tsc_deadline) != 0 ? Mode::deadline : Mode::one_shot;
        timer::start(mode_ == Mode::deadline ? timer::Mode::deadline : timer::Mode::one_shot);
    }

    [[gnu::noinline]] void choose() noexcept {
        const platform::MaskGuard masked;
        const bool hypervisor = (Cpu::cpuid(1).ecx & hypervisor_present) != 0;
        if (const std::uint32_t kvmclock = hypervisor ? kvmclock_register<Cpu>() : 0; kvmclock != 0) {
            Cpu::write_msr(kvmclock, reinterpret_cast<std::uintptr_t>(&page_) | 1);
            if (page_.multiplier != 0) return;
            Cpu::write_msr(kvmclock, 0);
        }
        std::uint64_t hertz = frequency<Cpu>(hypervisor);
        if (!plausible(hertz)) hertz = measure();
        if (!plausible(hertz))
            panic("no clock: no kvmclock, and neither CPUID nor an 8254 tells the TSC's frequency"sv);
        const Scale scale = Scale::of(hertz);
        page_.shift = scale.shift;
        page_.multiplier = scale.multiplier;
    }

    /// Counts the time-stamp counter against the 8254 while the CPU halts, and reads both when the
    /// local APIC's timer ends the halt, whenever that is. Its rate is not known either, so the
    /// first waits are short. 0 when there is no 8254, or no peace.
    static std::uint64_t measure() noexcept {
        constexpr std::uint32_t enough = pit::hertz / 200;  // 5 ms; one tick is 170 millionths of it
        constexpr int attempts = 8;
        timer::start(timer::Mode::one_shot);
        std::uint32_t ticks = 1 << 15;  // 0.5 ms at 1 GHz / 16, 52 ms at 10 MHz / 16
        for (int i = 0; i < attempts; ++i) {
            pit::load();
            // Both readings stand right before the port access that starts or latches.
            const std::uint64_t before = Cpu::cycles();
            pit::start();
            timer::arm(ticks);
            do platform::Interrupts::unmask_and_wait();
            while (timer::left() != 0);
            const std::uint64_t cycles = Cpu::cycles() - before;
            const std::uint32_t elapsed = pit::elapsed();
            if (elapsed == pit::overrun) continue;
            if (elapsed >= enough) return cycles * pit::hertz / elapsed;
            ticks *= 4;
        }
        return 0;
    }

    PvclockTime page_ alignas(64);  ///< the hypervisor's, or filled in here once; a multiplier of 0: not chosen yet
    std::uint64_t last_ = 0;
    std::uint32_t rate_ = 0;     ///< of the timer, in mode one_shot; not believed when it is below the slowest
    Mode mode_ = Mode::none;
};

}  // namespace unicore::time::tsc
