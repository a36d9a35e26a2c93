// SPDX-License-Identifier: BSD-3-Clause
#include "host_bridge.hpp"

#include <algorithm>

namespace unicore::bus::pci::host {
namespace {

/// Of every PCI node. [PCI binding to IEEE 1275 2.1, 2.2.1.1, 3.1.1]
constexpr std::uint32_t child_cells = 3, size_cells = 2;

/// The first word of a PCI address. [2.2.1.1]
constexpr std::uint32_t space_of(std::uint32_t word) noexcept { return word >> 24 & 3; }
constexpr std::uint32_t memory_32 = 2, memory_64 = 3, prefetchable = 1U << 30;

/// Numbers of a property, one after the other.
class Reader {
public:
    Reader(const devicetree::Node& node, const char* property) noexcept : node_(node), property_(property) {}

    /// Of one or two words. Errors: not_found past the end.
    Result<std::uint64_t> next(std::uint32_t words) noexcept {
        std::uint64_t value = 0;
        for (; words != 0; --words) value = value << 32 | UNICORE_TRY(node_.number(property_, at_++));
        return value;
    }

private:
    const devicetree::Node& node_;
    const char* property_;
    std::size_t at_ = 0;
};

Result<void> read_windows(const devicetree::Node& node, Bridge& bridge) noexcept {
    const devicetree::Node above = node.above();
    const std::uint32_t parent_cells = above.number("#address-cells").value_or(2);
    if (above.depth() != 0) return unexpected(Error::unsupported);  // addresses would have to be passed on once more
    if (parent_cells == 0 || parent_cells > 2 || node.number("#address-cells").value_or(0) != child_cells ||
        node.number("#size-cells").value_or(0) != size_cells)
        return unexpected(Error::device_error);
    const std::size_t entries = node.property("ranges").size() / 4 / (child_cells + parent_cells + size_cells);
    Reader reader(node, "ranges");
    for (std::size_t left = entries; left != 0; --left) {
        const auto first = static_cast<std::uint32_t>(UNICORE_TRY(reader.next(1)));
        space::Window window{};
        window.base = UNICORE_TRY(reader.next(child_cells - 1));
        window.physical = UNICORE_TRY(reader.next(parent_cells));
        window.size = UNICORE_TRY(reader.next(size_cells));
        window.prefetchable = (first & prefetchable) != 0;
        window.free = true;
        const std::uint64_t most = UINT64_MAX - std::max(window.base, window.physical);
        if (window.size > most) return unexpected(Error::device_error);
        const bool memory = space_of(first) == memory_32 || space_of(first) == memory_64;
        if (memory && bridge.window_count != bridge.windows.size()) bridge.windows[bridge.window_count++] = window;
    }
    return {};
}

}  // namespace

Result<Bridge> describe(const devicetree::Node& node) noexcept {
    const devicetree::Region registers = UNICORE_TRY(node.registers(0));
    const std::uint32_t first = node.number("bus-range", 0).value_or(0);
    const std::uint32_t last = node.number("bus-range", 1).value_or(255);
    const std::uint64_t buses = registers.size / bytes_of_bus;
    if (first > last || last > 255 || buses == 0) return unexpected(Error::device_error);
    const auto reached = static_cast<std::uint8_t>(std::min<std::uint64_t>(last, first + buses - 1));
    Bridge bridge{registers.base, {static_cast<std::uint8_t>(first), reached}, {}, 0};
    UNICORE_TRY(read_windows(node, bridge));
    return bridge;
}

}  // namespace unicore::bus::pci::host
