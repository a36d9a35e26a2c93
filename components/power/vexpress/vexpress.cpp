// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/power/vexpress.hpp>

#include <unicore/arch/device_access.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/devicetree.hpp>

#include <cstdint>

void unicore::power::vexpress::off() noexcept {
    constexpr std::uint32_t configuration_control = 0xa4;  // SYS_CFGCTRL
    constexpr std::uint32_t start = 1u << 31, write = 1u << 30, shut_down = 8u << 20;
    const auto node = bus::devicetree::find("arm,vexpress-sysreg");
    if (!node) return;
    const auto region = node->registers(0);
    if (!region || !arch::map_around(region->base, page_size, arch::Access::device)) return;
    arch::DeviceAccess::write32(static_cast<std::uintptr_t>(region->base), configuration_control,
                                start | write | shut_down);
}
