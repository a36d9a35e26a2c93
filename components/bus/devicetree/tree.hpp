// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/bus/devicetree.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::bus::devicetree {

/// The tree's parts, all of it checked by open. [5.1]
struct Blob {
    const std::byte* structure;  ///< the root's beginning; null: there is no tree
    const char* strings;
    const std::byte* reserved;
    std::uint32_t noted[4];  ///< where these nodes lie in the structure; 0: nowhere
};
extern constinit Blob blob;

/// Numbers of a blob are big-endian, and aligned.
template <typename Number>
constexpr Number big_endian(Number value) noexcept {
    return std::endian::native == std::endian::big ? value : std::byteswap(value);
}
inline std::uint32_t word(const std::byte* at) noexcept {
    return big_endian(*reinterpret_cast<const std::uint32_t*>(at));
}

/// Whether the node at `node` has this name, with a unit address or without.
bool is_named(const std::byte* node, std::string_view name) noexcept;

/// What the structure consists of, as it lies in memory. [5.4.1]
enum class Token : std::uint32_t {
    begin_node = big_endian(std::uint32_t{1}),
    end_node = big_endian(std::uint32_t{2}),
    property = big_endian(std::uint32_t{3}),
    nop = big_endian(std::uint32_t{4}),
};

inline Token token_at(const std::byte* at) noexcept { return *reinterpret_cast<const Token*>(at); }

/// A property's token, as it lies in memory. [5.4.1]
struct Property {
    std::byte token[4], size[4], name[4];

    /// The one at `at`.
    static const Property& from(const std::byte* at) noexcept { return *reinterpret_cast<const Property*>(at); }
    std::span<const std::byte> value() const noexcept { return {name + 4, word(size)}; }
    /// How long all of it is, with what pads it.
    std::size_t length() const noexcept { return length_with(word(size)); }
    static std::size_t length_with(std::uint32_t size) noexcept {
        return sizeof(Property) + (std::size_t{size} + 3) / 4 * 4;
    }
    /// Whether this is its name; `wanted` ends in a null byte or a colon.
    bool named(const char* wanted) const noexcept;
};

/// Names are padded with null bytes: only their last word ends with one. Where it ends that begins at `at`.
[[gnu::always_inline]] inline const std::byte* behind_name(const std::byte* at) noexcept {
    do at += 4;
    while (at[-1] != std::byte{0});
    return at;
}

/// See Node::has.
bool lists(std::span<const std::byte> strings, std::string_view values) noexcept;

}  // namespace unicore::bus::devicetree
