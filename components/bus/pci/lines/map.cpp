// SPDX-License-Identifier: BSD-3-Clause
#include "map.hpp"

#include <array>

namespace unicore::bus::pci::lines {
namespace {

constexpr std::size_t child_cells = 4;  // three of the address, and the line [PCI binding 2.1, 2.2.1.1, 2.4.1]

/// The interrupt controller of this name.
Result<devicetree::Node> controller(std::uint32_t handle) noexcept {
    for (devicetree::Walk walk; const auto node = walk.next();)
        if (node->number("phandle") == handle) return *node;
    return unexpected(Error::device_error);
}

}  // namespace

Result<devicetree::InterruptSpecifier> specifier(const devicetree::Node& node, Address function,
                                                 unsigned pin) noexcept {
    constexpr std::uint32_t most_cells = 4;
    const std::array<std::uint32_t, child_cells> wanted{std::uint32_t{function.value()} << 8, 0, 0, pin};
    std::uint32_t handle = 0;
    devicetree::Node parent;  // mostly the same one for all
    for (std::size_t at = 0; node.number("interrupt-map", at);) {
        bool matches = true;
        for (std::size_t i = 0; i != child_cells; ++i) {
            const std::uint32_t mask = node.number("interrupt-map-mask", i).value_or(UINT32_MAX);
            const std::uint32_t cell = UNICORE_TRY(node.number("interrupt-map", at++));
            matches = matches && ((cell ^ wanted[i]) & mask) == 0;
        }
        const std::uint32_t next = UNICORE_TRY(node.number("interrupt-map", at++));
        if (next != handle) parent = UNICORE_TRY(controller(handle = next));
        const std::uint32_t address_cells = parent.number("#address-cells").value_or(0);  // none, if it says none
        devicetree::InterruptSpecifier found{};
        found.count = UNICORE_TRY(parent.number("#interrupt-cells"));
        if (address_cells > most_cells || found.count == 0 || found.count > found.cells.size())
            return unexpected(Error::device_error);
        at += address_cells;
        for (std::size_t i = 0; i != found.count; ++i) found.cells[i] = UNICORE_TRY(node.number("interrupt-map", at++));
        if (matches) return found;
    }
    return unexpected(Error::not_found);
}

}  // namespace unicore::bus::pci::lines
