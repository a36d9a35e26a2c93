// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts/pc/timer.hpp>

#include "local_apic.hpp"
#include "vectors.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/arch/x86_64/cpu.hpp>

namespace unicore::interrupts::pc::timer {

using local_apic::Register;

namespace {

constinit bool is_armed = false;

}  // namespace

bool armed() noexcept { return is_armed; }

void start(Mode mode) noexcept {
    local_apic::start();
    is_armed = false;
    arch::x86_64::set_interrupt_handler(timer_vector, [] noexcept {
        is_armed = false;
        local_apic::write(Register::end_of_interrupt, 0);
    });
    local_apic::write(Register::lvt_timer, static_cast<std::uint32_t>(mode) | timer_vector);
    local_apic::write(Register::timer_divide_configuration, local_apic::divide_by_16);
    arch::Barriers::full();  // the mode is set before a deadline is. [Intel SDM vol. 3A, 11.5.4.1]
}

void arm(std::uint32_t ticks) noexcept {
    is_armed = true;
    local_apic::write(Register::timer_initial_count, ticks);
}

std::uint32_t left() noexcept { return local_apic::read(Register::timer_current_count); }

void arm_deadline(std::uint64_t cycles) noexcept {
    constexpr std::uint32_t tsc_deadline = 0x6e0;  // IA32_TSC_DEADLINE
    is_armed = true;
    arch::x86_64::write_msr(tsc_deadline, cycles);
}

}  // namespace unicore::interrupts::pc::timer
