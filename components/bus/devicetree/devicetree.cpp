// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

#include <libfdt.h>

#include <algorithm>

namespace unicore::bus::devicetree {

constinit const void* blob = nullptr;

Result<std::size_t> size_of(const void* tree) noexcept {
    if (reinterpret_cast<std::uintptr_t>(tree) % 8 != 0 || fdt_magic(tree) != FDT_MAGIC) return unexpected(Error::invalid_argument);
    return fdt_totalsize(tree);
}

Result<void> open(const void* tree) noexcept {
    if (fdt_check_header(tree) != 0) return unexpected(Error::invalid_argument);
    constexpr std::uint32_t version = 17;
    if (fdt_version(tree) < version || fdt_last_comp_version(tree) > version) return unexpected(Error::unsupported);
    blob = tree;
    return {};
}

std::optional<Region> reserved(unsigned index) noexcept {
    Region region;
    if (fdt_get_mem_rsv(blob, static_cast<int>(index), &region.base, &region.size) != 0 || region.size == 0)
        return std::nullopt;
    return region;
}

std::string_view Node::name() const noexcept {
    int size = 0;
    const char* const name = fdt_get_name(blob, offset(), &size);
    return name == nullptr ? std::string_view() : std::string_view(name, static_cast<std::size_t>(size));
}

std::optional<std::span<const std::byte>> Node::property(const char* name) const noexcept {
    int size = 0;
    const void* const value = fdt_getprop(blob, offset(), name, &size);
    if (value == nullptr) return std::nullopt;
    return std::span(static_cast<const std::byte*>(value), static_cast<std::size_t>(size));
}

std::string_view Node::string(const char* name) const noexcept {
    const auto value = property(name);
    if (!value) return {};
    const std::string_view text(reinterpret_cast<const char*>(value->data()), value->size());
    return text.substr(0, text.find('\0'));
}

Result<std::uint32_t> Node::number(const char* name, std::size_t index) const noexcept {
    const auto value = property(name);
    if (!value || value->size() / 4 <= index) return unexpected(Error::not_found);
    if (value->size() % 4 != 0) return unexpected(Error::device_error);
    auto rest = value->subspan(index * 4);
    return static_cast<std::uint32_t>(take(rest, 1));
}

bool Node::compatible(std::string_view with) const noexcept {
    const auto value = property("compatible");
    if (!value) return false;
    std::string_view text(reinterpret_cast<const char*>(value->data()), value->size());
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\0'), text.size());
        if (text.substr(0, end) == with) return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

bool Node::enabled() const noexcept {
    const std::string_view status = string("status");
    return status.empty() || status == "okay" || status == "ok";
}

std::optional<Node> find(std::string_view compatible) noexcept {
    if (blob == nullptr) return std::nullopt;
    for (Walk walk; const auto node = walk.next();)
        if (node->compatible(compatible) && node->enabled()) return node;
    return std::nullopt;
}

std::optional<Node> console() noexcept {
    const auto chosen = at("/chosen");
    if (!chosen) return std::nullopt;
    const std::string_view path = chosen->string("stdout-path");  // what follows a colon are settings [3.6]
    return at(path.substr(0, path.find(':')));
}

}  // namespace unicore::bus::devicetree
