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

void clock::idle_until(Instant deadline) noexcept {
    // Negative ones have passed as well.
    const Duration::rep nanoseconds = deadline.time_since_epoch().count();
    tsc_clock.idle_until(nanoseconds < 0 ? 0 : static_cast<std::uint64_t>(nanoseconds));
}

}  // namespace unicore::time
