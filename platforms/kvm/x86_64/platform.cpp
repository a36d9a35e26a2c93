// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/ports.hpp>
#include <unicore/console/ns16550.hpp>
#include <unicore/platform.hpp>

namespace unicore::platform {

void early_write(std::string_view text) noexcept { console::ns16550::write(text); }

void halt(int /*status: only the console tells it*/) noexcept {
    namespace ports = arch::ports;
    // Each monitor has its own way out, and ignores the others'.
    constexpr std::uint16_t acpi_control = 0x604;  // QEMU pc and q35: PM1a_CNT with the default SLP_TYP
    constexpr std::uint16_t sleep_enable = 1 << 13;
    constexpr std::uint16_t keyboard_command = 0x64;  // Firecracker: a CPU reset ends the guest
    constexpr std::uint8_t pulse_reset = 0xfe;
    ports::write16(acpi_control, sleep_enable);
    ports::write8(keyboard_command, pulse_reset);
    // A triple fault: no table, so the breakpoint cannot be handled. [Intel SDM vol. 3A, 6.15, #DF]
    constexpr struct [[gnu::packed]] {
        std::uint16_t limit;
        std::uint64_t base;
    } nothing{};
    asm volatile("lidt %0; int3" : : "m"(nothing));
    for (;;) asm volatile("cli; hlt");
}

}  // namespace unicore::platform
