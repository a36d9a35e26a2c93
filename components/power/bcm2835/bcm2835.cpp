// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/power/bcm2835.hpp>

#include <unicore/arch/device_access.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/devicetree.hpp>

#include <cstdint>

namespace unicore::power::bcm2835 {
namespace {

constexpr std::uint32_t reset_control = 0x1c, reset_status = 0x20, watchdog = 0x24;  // PM_RSTC, PM_RSTS, PM_WDOG
constexpr std::uint32_t password = 0x5a00'0000, full_reset = 0x20, halt_partition = 0x555, ticks = 10;  // of 16 µs

}  // namespace

void off() noexcept {
    const auto node = bus::devicetree::find("brcm,bcm2835-pm");
    if (!node) return;
    const auto region = node->registers(0);
    if (!region || !arch::map_around(region->base, page_size, arch::Access::device)) return;
    const auto base = static_cast<std::uintptr_t>(region->base);
    const auto write = [base](std::uint32_t offset, std::uint32_t value) {
        arch::DeviceAccess::write32(base, offset, password | value);
    };
    write(reset_status, halt_partition);
    write(watchdog, ticks);
    write(reset_control, full_reset);
}

}  // namespace unicore::power::bcm2835
