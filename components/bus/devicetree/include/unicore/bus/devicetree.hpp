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

/// Nodes right below the root that open notes, so that no walk is needed.
enum class Noted : unsigned {
    chosen,           ///< what the loader chose [3.6]
    memory,           ///< the first one of this name [3.4]
    last_memory,      ///< the last one, which may be the same
    reserved_memory,  ///< [3.5]
};

class Node;
/// The root for what is not there.
Node noted(Noted which) noexcept;

/// A node of the tree: small, to be copied. Context of everything: any; the tree never changes.
class Node {
public:
    /// The root.
    constexpr Node() noexcept = default;

    /// Its name, with the unit address: "uart@9000000"; that of the root is empty.
    std::string_view name() const noexcept;
    /// Whether this is its name, with the unit address or without. [2.2.3]
    bool named(std::string_view name) const noexcept;

    /// The value of a property, null where there is none. Strings in it need not be null-terminated.
    /// Names of properties end in a null byte, or in a colon, which none has.
    std::span<const std::byte> property(const char* name) const noexcept;
    /// The property as a string, never null: empty where there is none, or where it does not end in a null byte.
    const char* string(const char* name) const noexcept;
    /// The property as numbers of 32 bits: the one at `index`. Errors: not_found, also past the last.
    Result<std::uint32_t> number(const char* name, std::size_t index = 0) const noexcept;

    /// Whether one of the property's strings is one of `values`, which null bytes separate: a literal, or what else a
    /// null byte follows. [2.2.4.1, strings and lists of them end in a null byte]
    bool has(const char* name, std::string_view values) const noexcept;
    /// The same of `compatible`. [2.3.1]
    bool compatible(std::string_view values) const noexcept;
    /// Whether it is in use: `status` is missing or okay.
    bool enabled() const noexcept;

    /// Registers, or memory: entry `index` of `reg`, translated through the buses above.
    /// Errors: not_found past the last; unsupported when no bus passes it on; device_error for nonsense.
    Result<Region> registers(std::size_t index) const noexcept;

    /// Entry `index` of `interrupts`. Errors: not_found, device_error. Takes a walk over the tree.
    Result<InterruptSpecifier> interrupt(std::size_t index) const noexcept;

    /// Nodes above it; that of the root is 0.
    unsigned depth() const noexcept { return depth_; }
    /// The node above; the root's is itself. Takes a walk over the tree where that is not the root.
    Node above() const noexcept;

    bool operator==(const Node&) const noexcept = default;

private:
    friend class Walk;
    friend Node noted(Noted) noexcept;

    constexpr Node(std::uint32_t offset, std::uint32_t depth) noexcept : offset_(offset), depth_(depth) {}

    const std::byte* place() const noexcept;

    std::uint32_t offset_ = 0;  ///< from the root's beginning
    std::uint32_t depth_ = 0;
};

/// Nodes in the tree's order.
class Walk {
public:
    /// All of them, the root first.
    Walk() noexcept : Walk(Node()) {}
    /// That node first, and all that come after it, which are not below it only.
    explicit Walk(const Node& from) noexcept;

    /// The next node; nothing at the end. `compatible`: the next one in use that is compatible with one of these
    /// values, as Node::has takes them.
    std::optional<Node> next(std::string_view compatible = {}) noexcept;

private:
    const std::byte* at_;
    std::uint32_t levels_ = 0;  ///< how many nodes are open
    Node last_;
};

/// Makes `size` bytes from `tree` on accessible; false when that cannot be.
using Access = bool (*)(const void* tree, std::size_t size) noexcept;

/// Makes the tree at `tree` the machine's, if all of it is well-formed. What it returns, the bytes that are in use,
/// stays as it is from now on. Loaders leave room behind, so that a tree can be much larger than that.
/// Errors: invalid_argument when that is no tree, or a broken one; unsupported for another version than 17;
/// out_of_range when it is not accessible.
Result<std::size_t> open(const void* tree, Access access) noexcept;

/// Entry `index` of the list of memory that is reserved; nothing past its end. Context: any, after open. [5.3]
std::optional<Region> reserved(unsigned index) noexcept;

/// The first node in use that is compatible with one of these values, as Node::has takes them.
std::optional<Node> find(std::string_view compatible) noexcept;

/// The node at `path`: an absolute one, or an alias. It ends in a null byte or a colon: what follows that are options.
std::optional<Node> at(const char* path) noexcept;

/// The console's node, by /chosen's stdout-path.
std::optional<Node> console() noexcept;

}  // namespace unicore::bus::devicetree
