// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The machine's device tree. [Devicetree Specification 0.4]
namespace unicore::bus::devicetree {

/// Physical addresses, as the CPU sees them.
struct Region {
    std::uint64_t base;
    std::uint64_t size;
};

/// What an interrupt's specifier says, in its controller's own terms.
struct InterruptSpecifier {
    std::array<std::uint32_t, 4> cells;
    std::size_t count;

    std::span<const std::uint32_t> view() const noexcept { return {cells.data(), count}; }
};

class Walk;

/// A node of the tree. Small, to be copied. Context of everything: any; the tree never changes.
class Node {
public:
    /// Its name, with the unit address: "uart@9000000"; that of the root is empty.
    std::string_view name() const noexcept;

    /// The value of a property, null where there is none. Strings in it need not be null-terminated.
    std::span<const std::byte> property(std::string_view name) const noexcept;
    /// The property as a string, up to its first null byte; empty where there is none.
    std::string_view string(std::string_view name) const noexcept;
    /// The property as numbers of 32 bits: the one at `index`. Errors: not_found, device_error for a wrong size.
    Result<std::uint32_t> number(std::string_view name, std::size_t index = 0) const noexcept;

    /// Whether one of the strings in `compatible` is this one.
    bool compatible(std::string_view with) const noexcept;
    /// Whether it is in use: `status` is missing or okay.
    bool enabled() const noexcept;

    /// Registers, or memory: entry `index` of `reg`, translated through the buses above.
    /// Errors: not_found past the last; unsupported when no bus passes it on; device_error for nonsense.
    Result<Region> registers(std::size_t index) const noexcept;

    /// Entry `index` of `interrupts`. Errors: not_found, device_error.
    Result<InterruptSpecifier> interrupt(std::size_t index) const noexcept;

    /// Nodes above it; that of the root is 0.
    unsigned depth() const noexcept { return depth_; }
    /// The node above; the root's is itself. Takes a walk.
    Node above() const noexcept;

private:
    friend class Walk;

    int offset_ = 0;  ///< in the blob's structure
    int above_ = 0;   ///< that of the node above
    unsigned depth_ = 0;
};

/// All nodes, in the tree's order, the root first.
class Walk {
public:
    /// The next node; nothing at the end, or where the tree is broken.
    std::optional<Node> next() noexcept;

private:
    static constexpr std::size_t most_levels = 8;

    std::array<int, most_levels> path_{};  ///< offsets of the nodes from the root to the last one
    int at_ = 0;
    unsigned depth_ = 0;  ///< how many there are
};

/// The size of the tree at `blob`, of whose header at least 8 bytes can be read: what is needed for `open`.
/// Errors: invalid_argument when that is none.
Result<std::size_t> size_of(const void* blob) noexcept;

/// Makes the tree at `blob`, `size_of` bytes that stay accessible, the machine's.
/// Errors: invalid_argument for a broken header, unsupported for another version.
Result<void> open(const void* blob) noexcept;

/// Entry `index` of the list of memory that is reserved; nothing past its end. [5.3]
std::optional<Region> reserved(unsigned index) noexcept;

/// The first node in use that is compatible with this. Context: any, after open.
std::optional<Node> find(std::string_view compatible) noexcept;

/// The node at `path`, absolute, or an alias with or without a path behind it.
std::optional<Node> at(std::string_view path) noexcept;

/// The console's node, by /chosen's stdout-path.
std::optional<Node> console() noexcept;

}  // namespace unicore::bus::devicetree
