// SPDX-License-Identifier: BSD-3-Clause
#include "host_bridge.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/base/log.hpp>
#include <unicore/base/units.hpp>

#include <string_view>

namespace unicore::bus::pci {
namespace {

constexpr log::Logger<"bus.pci.devicetree"> log;

constinit host::Bridge bridge{};
constinit bool opened = false;

std::uint32_t place_of(Address function, unsigned offset) noexcept {
    const std::uint32_t index = function.value() - bridge.buses.first * 256U;
    return static_cast<std::uint32_t>(index * host::bytes_of_function + offset);
}

bool is_there(Address function) noexcept {
    return function.bus() >= bridge.buses.first && function.bus() <= bridge.buses.last;
}

}  // namespace

Result<space::Buses> space::open() noexcept {
    using namespace std::string_view_literals;
    if (opened) return bridge.buses;
    const auto node = devicetree::find("pci-host-ecam-generic"sv);
    if (!node) return unexpected(Error::not_found);
    bridge = UNICORE_TRY(host::describe(*node));
    const std::uint64_t size = (bridge.buses.last - bridge.buses.first + 1U) * host::bytes_of_bus;
    if (bridge.registers % page_size != 0 || bridge.registers + size > arch::mapping_end) {
        log.info([](auto& line) { line << "out of reach, at " << text::Hex{bridge.registers}; });
        return unexpected(Error::not_found);
    }
    UNICORE_TRY(arch::map({static_cast<std::uintptr_t>(bridge.registers), static_cast<std::size_t>(size)},
                          arch::Access::device));
    opened = true;
    return bridge.buses;
}

std::uint32_t space::read(Address function, unsigned offset) noexcept {
    if (!is_there(function)) return UINT32_MAX;
    return arch::DeviceAccess::read32(static_cast<std::uintptr_t>(bridge.registers), place_of(function, offset));
}

void space::write(Address function, unsigned offset, std::uint32_t value) noexcept {
    if (!is_there(function)) return;
    arch::DeviceAccess::write32(static_cast<std::uintptr_t>(bridge.registers), place_of(function, offset), value);
}

std::optional<space::Window> space::window(unsigned index) noexcept {
    if (index >= bridge.window_count) return std::nullopt;
    return bridge.windows[index];
}

}  // namespace unicore::bus::pci
