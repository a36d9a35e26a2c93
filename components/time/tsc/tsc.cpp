// SPDX-License-Identifier: BSD-3-Clause
#include "tsc_clock.hpp"

#include <unicore/arch/cycles.hpp>
#include <unicore/arch/x86_64/cpu.hpp>
#include <unicore/time/clock.hpp>

namespace unicore::time {
namespace {

struct Cpu {
    [[gnu::always_inline]] static arch::x86_64::CpuidLeaf cpuid(std::uint32_t leaf) noexcept {
        [[clang::always_inline]] return arch::x86_64::cpuid(leaf);
    }
    static void write_msr(std::uint32_t number, std::uint64_t value) noexcept {
        arch::x86_64::write_msr(number, value);
    }
    [[gnu::always_inline]] static std::uint64_t cycles() noexcept { return arch::Cycles::read(); }
};

constinit tsc::TscClock<Cpu> tsc_clock;

}  // namespace

Instant Monotonic::now() noexcept { return Instant(Duration(tsc_clock.now())); }

namespace {

/// Negative ones have passed as well.
std::uint64_t nanoseconds(Instant deadline) noexcept {
    const Duration::rep count = deadline.time_since_epoch().count();
    return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

}  // namespace

void clock::idle_until(Instant deadline) noexcept { tsc_clock.idle_until(nanoseconds(deadline)); }

void clock::interrupt_at(Instant deadline) noexcept { tsc_clock.interrupt_at(nanoseconds(deadline)); }

}  // namespace unicore::time
