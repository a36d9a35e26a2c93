// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/ports.hpp>
#include <unicore/console/ns16550.hpp>
#include <unicore/platform.hpp>
#include <unicore/power/pc.hpp>

namespace unicore::platform {

void early_write(std::string_view text) noexcept { console::ns16550::write(text); }

void halt(int /*status: only the console tells it*/) noexcept {
    namespace ports = arch::ports;
    // Each monitor has its own way out, and ignores the others'.
    constexpr std::uint16_t acpi_control = 0x604;  // QEMU pc and q35: PM1a_CNT with the default SLP_TYP
    constexpr std::uint16_t sleep_enable = 1 << 13;
    ports::write16(acpi_control, sleep_enable);
    power::pc::reset_by_keyboard_controller();  // Firecracker: a CPU reset ends the guest
    power::pc::triple_fault();                  // microvm, with -no-reboot
}

}  // namespace unicore::platform
