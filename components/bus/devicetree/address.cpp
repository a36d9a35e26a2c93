// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

namespace unicore::bus::devicetree {
namespace {

constexpr std::uint32_t most_cells = 2;

/// A number of `cells` times 32 bits, at most two, at `bytes`, which is moved behind it.
std::uint64_t take(const std::byte*& bytes, std::uint32_t cells) noexcept {
    std::uint64_t value = 0;
    for (; cells != 0; --cells, bytes += 4) value = value << 32 | word(bytes);
    return value;
}

/// How addresses and sizes are written below a bus. [2.3.5]
struct Cells {
    std::uint32_t address, size;

    explicit Cells(const Node& bus) noexcept
        : address(bus.number("#address-cells").value_or(2)), size(bus.number("#size-cells").value_or(1)) {}
    bool usable() const noexcept { return address <= most_cells && size <= most_cells && address != 0; }
};

}  // namespace

Result<Region> Node::registers(std::size_t index) const noexcept {
    const auto value = property("reg");
    Node bus = above();
    Cells inner(bus);
    if (!inner.usable()) return unexpected(Error::device_error);
    const std::size_t entry = std::size_t{4} * (inner.address + inner.size);
    if (value.size() / entry <= index) return unexpected(Error::not_found);
    const std::byte* at = value.data() + index * entry;
    Region region{take(at, inner.address), take(at, inner.size)};
    // Up through the buses: [child's address, parent's address, size], or nothing for the same. [2.3.8]
    while (bus.depth() != 0) {
        const auto ranges = bus.property("ranges");
        if (ranges.data() == nullptr) return unexpected(Error::unsupported);
        bus = bus.above();
        const Cells outer(bus);
        if (!outer.usable()) return unexpected(Error::device_error);
        bool passed_on = ranges.empty();
        const std::size_t size = std::size_t{4} * (inner.address + outer.address + inner.size);
        at = ranges.data();
        for (std::size_t left = ranges.size() / size; left != 0 && !passed_on; --left) {
            const std::uint64_t child = take(at, inner.address);
            const std::uint64_t parent = take(at, outer.address);
            const std::uint64_t offset = region.base - child, length = take(at, inner.size);
            passed_on = offset < length && region.size <= length - offset;
            if (passed_on) region.base = parent + offset;
        }
        if (!passed_on) return unexpected(Error::unsupported);
        inner = outer;
    }
    return region;
}

Result<InterruptSpecifier> Node::interrupt(std::size_t index) const noexcept {
    Node node = *this;
    Result<std::uint32_t> handle = node.number("interrupt-parent");
    while (!handle && node.depth() != 0) handle = (node = node.above()).number("interrupt-parent");
    if (!handle) return unexpected(Error::not_found);
    for (Walk walk; const auto controller = walk.next();) {
        if (controller->number("phandle").value_or(0) != *handle) continue;
        InterruptSpecifier specifier{};
        specifier.count = UNICORE_TRY(controller->number("#interrupt-cells"));
        if (specifier.count == 0 || specifier.count > specifier.cells.size()) return unexpected(Error::device_error);
        for (std::size_t i = 0; i != specifier.count; ++i)
            specifier.cells[i] = UNICORE_TRY(number("interrupts", index * specifier.count + i));
        return specifier;
    }
    return unexpected(Error::device_error);
}

}  // namespace unicore::bus::devicetree
