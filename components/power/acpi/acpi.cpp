// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/power/acpi.hpp>

#include "sleep_type.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/ports.hpp>
#include <unicore/bus/acpi.hpp>

#include <cstdint>
#include <optional>

namespace unicore::power::acpi {
namespace {

namespace tables = unicore::bus::acpi;
namespace ports = arch::ports;
using tables::Register;

/// [ACPI 6.4, table 4.17: PM1 control registers, fixed hardware feature control bits]
constexpr std::uint16_t sci_enable = 1 << 0;
constexpr unsigned sleep_type_shift = 10;
constexpr std::uint16_t sleep_type_mask = 7 << sleep_type_shift;
constexpr std::uint16_t sleep_enable = 1 << 13;

/// Looks at a port, 1 µs each on the slowest machines; firmware answers, or the power is gone, much earlier.
constexpr int patience = 300'000;

std::optional<std::uint16_t> port_of(const Register& it) noexcept {
    if (it.address == 0 || it.address > 0xffff || it.space != Register::Space::ports) return {};
    return static_cast<std::uint16_t>(it.address);
}

std::optional<SleepType> s5() noexcept {
    if (const auto dsdt = tables::table("DSDT"))
        if (const auto found = find_s5(dsdt->subspan(tables::header_size))) return found;
    for (unsigned instance = 1; const auto ssdt = tables::table("SSDT", instance); ++instance)
        if (const auto found = find_s5(ssdt->subspan(tables::header_size))) return found;
    return {};
}

void enter_acpi_mode(const tables::FixedHardware& fixed, std::uint16_t control) noexcept {
    if (fixed.smi_command == 0 || fixed.acpi_enable == 0) return;
    for (int left = patience; left != 0 && (ports::read16(control) & sci_enable) == 0; --left)
        if (left == patience) ports::write8(static_cast<std::uint16_t>(fixed.smi_command), fixed.acpi_enable);
}

/// The type first, then the bit that makes it happen. [ACPI 6.4, 16.1.6]
void sleep(std::uint16_t control, std::uint8_t type) noexcept {
    const auto value = static_cast<std::uint16_t>((ports::read16(control) & ~(sleep_type_mask | sleep_enable)) |
                                                  type << sleep_type_shift);
    ports::write16(control, value);
    ports::write16(control, value | sleep_enable);
}

}  // namespace

void off() noexcept {
    const auto fixed = tables::fixed_hardware();
    if (!fixed) return;
    const auto a = port_of(fixed->pm1a_control), b = port_of(fixed->pm1b_control);
    const auto type = s5();
    if (!a || !type) return;
    enter_acpi_mode(*fixed, *a);
    sleep(*a, type->a);
    if (b) sleep(*b, type->b);
    for (int left = patience; left != 0; --left) ports::read16(*a);
}

void reset() noexcept {
    const auto fixed = tables::fixed_hardware();
    if (!fixed || fixed->reset.address == 0) return;
    const Register& where = fixed->reset;
    if (const auto port = port_of(where)) {
        ports::write8(*port, fixed->reset_value);
    } else if (where.space == Register::Space::memory && arch::map_around(where.address, 1, arch::Access::device)) {
        *reinterpret_cast<volatile std::uint8_t*>(where.address) = fixed->reset_value;
    }
}

}  // namespace unicore::power::acpi
