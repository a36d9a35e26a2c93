// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/power/pc.hpp>

#include <unicore/arch/ports.hpp>

#include <cstdint>

namespace unicore::power::pc {

namespace ports = arch::ports;

void reset_by_keyboard_controller() noexcept {
    constexpr std::uint16_t command = 0x64;
    constexpr std::uint8_t pulse_reset = 0xfe;
    ports::write8(command, pulse_reset);
}

void triple_fault() noexcept {
    // No table, so the breakpoint cannot be handled. [Intel SDM vol. 3A, 6.15, #DF]
    constexpr struct [[gnu::packed]] {
        std::uint16_t limit;
        std::uint64_t base;
    } nothing{};
    asm volatile("lidt %0; int3" : : "m"(nothing));
    for (;;) asm volatile("cli; hlt");
}

void restart() noexcept {
    // [Intel 290562, 82371SB, 2.2.5]: the reset happens when the second bit goes from 0 to 1.
    constexpr std::uint16_t reset_control = 0xcf9;
    constexpr std::uint8_t system_reset = 1 << 1, reset_cpu = 1 << 2;
    ports::write8(reset_control, system_reset);
    ports::write8(reset_control, system_reset | reset_cpu);
    reset_by_keyboard_controller();
    triple_fault();
}

}  // namespace unicore::power::pc
