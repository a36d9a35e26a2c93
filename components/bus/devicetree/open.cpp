// SPDX-License-Identifier: BSD-3-Clause
// A tree is looked at as a whole once, before anything is taken from it.
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

#include <algorithm>
#include <utility>

namespace unicore::bus::devicetree {
using namespace std::string_view_literals;

constinit Blob blob{};

namespace {

/// The blob's first words, in the CPU's own order. [5.2]
struct Header {
    std::uint32_t magic, total_size, structure, strings, reserved, version, compatible_version, boot_cpu, strings_size,
        structure_size;
};
constexpr std::size_t header_words = sizeof(Header) / 4;

/// Whether one of the bytes is null.
constexpr bool has_null(std::uint32_t bytes) noexcept { return ((bytes - 0x0101'0101) & ~bytes & 0x8080'8080) != 0; }

/// Remembers a node right below the root if it is asked for often.
void note(const std::byte* node) noexcept {
    const auto keep = [&](Noted which) {
        blob.noted[std::to_underlying(which)] = static_cast<std::uint32_t>(node - blob.structure);
    };
    switch (static_cast<char>(node[4])) {
        case 'c':
            if (is_named(node, "chosen"sv)) keep(Noted::chosen);
            break;
        case 'm':
            if (!is_named(node, "memory"sv)) break;
            if (blob.noted[std::to_underlying(Noted::memory)] == 0) keep(Noted::memory);
            keep(Noted::last_memory);
            break;
        case 'r':
            if (is_named(node, "reserved-memory"sv)) keep(Noted::reserved_memory);
            break;
        default: break;
    }
}

/// Whether each token lies before `end`, every node ends, and the names of properties lie within the strings.
bool check_structure(const std::byte* at, const std::byte* end, std::uint32_t strings_size) noexcept {
    std::size_t depth = 0;
    while (at != end) {
        const std::byte* const here = at;
        const Token token = token_at(here);
        if (token == Token::property) {
            const auto left = static_cast<std::size_t>(end - here);
            if (left < sizeof(Property) || depth == 0) return false;
            const std::uint32_t size = word(Property::from(here).size);
            if (size > left - sizeof(Property) || word(Property::from(here).name) >= strings_size) return false;
            at += Property::length_with(size);
            continue;
        }
        at += 4;
        if (token == Token::begin_node) {
            std::uint32_t letters;
            do {
                if (at == end) return false;
                letters = word(at);
                at += 4;
            } while (!has_null(letters));
            if ((letters & 0xff) != 0) return false;  // what pads it is not null
            if (depth++ == 0) blob.structure = here;
            if (depth == 2) note(here);
        } else if (token == Token::end_node) {
            if (depth <= 1) return depth == 1;
            --depth;
        } else if (token != Token::nop) {
            return false;
        }
    }
    return false;
}

}  // namespace

Result<std::size_t> open(const void* tree, Access access) noexcept {
    const auto* const first = static_cast<const std::byte*>(tree);
    std::array<std::uint32_t, header_words> words;
    if (reinterpret_cast<std::uintptr_t>(tree) % 8 != 0) return unexpected(Error::invalid_argument);
    if (!access(tree, sizeof words)) return unexpected(Error::out_of_range);
    for (std::size_t i = 0; i != header_words; ++i) words[i] = word(first + 4 * i);
    const auto header = std::bit_cast<Header>(words);
    constexpr std::uint32_t magic = 0xd00d'feed, version = 17;
    if (header.magic != magic) return unexpected(Error::invalid_argument);
    if (header.version < version || header.compatible_version > version) return unexpected(Error::unsupported);
    // Its parts lie behind it in this order. [5.1]
    const std::uint64_t structure_end = std::uint64_t{header.structure} + header.structure_size;
    const std::uint64_t size = std::uint64_t{header.strings} + header.strings_size;
    constexpr std::uint32_t entry = sizeof(Region);
    if (header.reserved < sizeof header || header.structure < header.reserved || header.strings < structure_end ||
        header.total_size < size || ((header.structure | structure_end) % 4 | header.reserved % 8) != 0)
        return unexpected(Error::invalid_argument);
    if (!access(tree, size)) return unexpected(Error::out_of_range);
    blob = {nullptr, reinterpret_cast<const char*>(first + header.strings), first + header.reserved, {}};
    unsigned regions = 0;
    const std::uint32_t most = (header.structure - header.reserved) / entry;
    while (regions != most && reserved(regions)) ++regions;
    if (regions != most && (header.strings_size == 0 || first[size - 1] == std::byte{0}) &&
        check_structure(first + header.structure, first + structure_end, header.strings_size))
        return size;
    blob = {};
    return unexpected(Error::invalid_argument);
}

std::optional<Region> reserved(unsigned index) noexcept {
    const auto* const words = reinterpret_cast<const std::uint64_t*>(blob.reserved) + std::size_t{2} * index;
    const Region region{big_endian(words[0]), big_endian(words[1])};
    if (region.size == 0) return std::nullopt;
    return region;
}

}  // namespace unicore::bus::devicetree
