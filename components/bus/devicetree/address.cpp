// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

#include <libfdt.h>

namespace unicore::bus::devicetree {
namespace {

constexpr std::uint32_t most_cells = 2;

}  // namespace

std::uint32_t Node::cells(unsigned level, const char* name, std::uint32_t otherwise) const noexcept {
    Node above = *this;
    above.depth_ = level;
    return above.number(name).value_or(otherwise);
}

Result<Region> Node::registers(std::size_t index) const noexcept {
    if (depth_ == 0) return unexpected(Error::not_found);
    unsigned parent = depth_ - 1;
    std::uint32_t address_cells = cells(parent, "#address-cells", 2);
    const std::uint32_t size_cells = cells(parent, "#size-cells", 1);
    if (address_cells > most_cells || size_cells > most_cells) return unexpected(Error::device_error);
    const auto value = property("reg");
    const std::size_t entry = std::size_t{4} * (address_cells + size_cells);
    if (!value || entry == 0 || value->size() / entry <= index) return unexpected(Error::not_found);
    auto rest = value->subspan(index * entry);
    Region region{};
    region.base = take(rest, address_cells);
    region.size = take(rest, size_cells);
    // Up through the buses: [child's address, parent's address, size], or nothing for the same. [2.3.8]
    for (Node bus = *this; parent != 0; --parent) {
        bus.depth_ = parent;
        const std::uint32_t outer_cells = cells(parent - 1, "#address-cells", 2);
        const std::uint32_t range_cells = cells(parent, "#size-cells", 1);
        auto ranges = bus.property("ranges");
        if (!ranges) return unexpected(Error::unsupported);
        if (outer_cells > most_cells || range_cells > most_cells) return unexpected(Error::device_error);
        bool passed_on = ranges->empty();
        const std::size_t size = std::size_t{4} * (address_cells + outer_cells + range_cells);
        while (!passed_on && ranges->size() >= size) {
            const std::uint64_t inner = take(*ranges, address_cells);
            const std::uint64_t outer = take(*ranges, outer_cells);
            const std::uint64_t length = take(*ranges, range_cells);
            passed_on = region.base - inner < length && region.size <= length - (region.base - inner);
            if (passed_on) region.base = outer + (region.base - inner);
        }
        if (!passed_on) return unexpected(Error::unsupported);
        address_cells = outer_cells;
    }
    return region;
}

Result<std::uint32_t> Node::inherited(const char* name) const noexcept {
    Node node = *this;
    for (;;) {
        const auto value = node.number(name);
        if (value || node.depth_ == 0) return value;
        --node.depth_;
    }
}

Result<InterruptSpecifier> Node::interrupt(std::size_t index) const noexcept {
    const auto value = property("interrupts");
    if (!value) return unexpected(Error::not_found);
    const auto parent = static_cast<std::uint32_t>(UNICORE_TRY(inherited("interrupt-parent")));
    Node controller = *this;
    controller.depth_ = 0;
    controller.path_[0] = fdt_node_offset_by_phandle(blob, parent);
    if (controller.path_[0] < 0) return unexpected(Error::device_error);
    InterruptSpecifier specifier{};
    specifier.count = UNICORE_TRY(controller.number("#interrupt-cells"));
    if (specifier.count == 0 || specifier.count > specifier.cells.size()) return unexpected(Error::device_error);
    if (value->size() / (4 * specifier.count) <= index) return unexpected(Error::not_found);
    auto rest = value->subspan(index * 4 * specifier.count);
    for (std::size_t i = 0; i != specifier.count; ++i) specifier.cells[i] = static_cast<std::uint32_t>(take(rest, 1));
    return specifier;
}

}  // namespace unicore::bus::devicetree
