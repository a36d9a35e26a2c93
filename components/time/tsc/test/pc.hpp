// SPDX-License-Identifier: BSD-3-Clause
/// A PC in virtual time: time-stamp counter, 8254, local APIC's timer, CPUID and kvmclock.
#pragma once

#include "../../i8254/test/model.hpp"

#include <unicore/time/pvclock.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace unicore::test {

struct Leaf {
    std::uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

struct Pc {
    static constexpr std::uint64_t second = 1'000'000'000'000;  // picoseconds
    static constexpr std::uint64_t microsecond = 1'000'000;
    static constexpr std::uint64_t nanosecond = 1'000;

    // The machine.
    std::uint64_t tsc_hertz = 2'500'000'000;
    std::uint64_t bus_hertz = 1'000'000'000;
    std::map<std::uint32_t, Leaf> leaves{{0, {1}}, {1, {}}};
    std::uint64_t latency = 3 * microsecond;       ///< from the interrupt to the end of the halt
    std::uint64_t port_time = 1 * microsecond;     ///< half before the device sees the access, half after
    std::function<std::uint64_t()> delay = [] { return std::uint64_t{0}; };  ///< more latency, for every halt anew
    std::uint64_t interrupt_every = 0;             ///< of something else
    std::function<void()> at_cycles = [] {};       ///< whenever the counter is read

    // What happened.
    std::uint64_t now = 40 * second;  ///< picoseconds since power-on
    unsigned halts = 0, arms = 0;
    std::map<std::uint32_t, std::uint64_t> registers;  ///< model-specific ones, as written
    std::string wrong;

    std::uint64_t cycles();
    void write_msr(std::uint32_t number, std::uint64_t value);

    /// kvmclock, as KVM has it: rate by the counter's frequency, nanoseconds since power-on.
    void add_kvmclock(std::uint32_t base = 0x4000'0000, std::uint32_t features = 1 << 3 | 1 << 0);
    time::pvclock::PvclockTime* page = nullptr;
    void fill_page();

    // The timer.
    enum class Timer { off, one_shot, deadline } timer = Timer::off;
    bool armed = false;
    std::uint64_t armed_at = 0, armed_ticks = 0, deadline = 0;
    std::uint64_t timer_period() const { return 16 * second / bus_hertz; }
    std::uint32_t left() const;
    std::uint64_t expiry() const;
    void halt();

    // The 8254.
    I8254 pit;
    std::uint8_t port_read(std::uint16_t port);
    void port_write(std::uint16_t port, std::uint8_t value);
};

/// The one that the fakes are about; a new one for every test case.
Pc& pc();

/// For TscClock.
struct Cpu {
    static Leaf cpuid(std::uint32_t leaf) { return pc().leaves.contains(leaf) ? pc().leaves[leaf] : Leaf{}; }
    static void write_msr(std::uint32_t number, std::uint64_t value) { pc().write_msr(number, value); }
    static std::uint64_t cycles() { return pc().cycles(); }
};

/// Runs `body` in a process of its own; what it wrote to standard error if it panicked, else nothing.
std::string panic_of(const std::function<void()>& body);

}  // namespace unicore::test
