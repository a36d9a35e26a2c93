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
    const char* const name = fdt_get_name(blob, offset_, &size);
    return {name, static_cast<std::size_t>(size)};
}

std::span<const std::byte> Node::property(std::string_view name) const noexcept {
    int next = 0;
    fdt_next_tag(blob, offset_, &next);
    for (;;) {
        const int here = next;
        const std::uint32_t tag = fdt_next_tag(blob, here, &next);
        if (tag == FDT_NOP) continue;
        if (tag != FDT_PROP) return {};  // properties come before nodes [5.4.2]
        const auto* const property =
            static_cast<const struct fdt_property*>(fdt_offset_ptr(blob, here, sizeof(struct fdt_property)));
        int size = 0;
        const char* const found = fdt_get_string(blob, static_cast<int>(fdt32_to_cpu(property->nameoff)), &size);
        if (found != nullptr && std::string_view(found, static_cast<std::size_t>(size)) == name)
            return {reinterpret_cast<const std::byte*>(property->data), fdt32_to_cpu(property->len)};
    }
}

std::string_view Node::string(std::string_view name) const noexcept {
    const auto value = property(name);
    const auto* const text = reinterpret_cast<const char*>(value.data());
    return {text, std::find(text, text + value.size(), '\0')};
}

Result<std::uint32_t> Node::number(std::string_view name, std::size_t index) const noexcept {
    const auto value = property(name);
    if (value.size() / 4 <= index) return unexpected(Error::not_found);
    const std::byte* at = value.data() + index * 4;
    return static_cast<std::uint32_t>(take(at, 1));
}

bool Node::compatible(std::string_view with) const noexcept {
    const auto value = property("compatible");
    const auto* text = reinterpret_cast<const char*>(value.data());
    for (const char* const end = text + value.size(); text < end;) {
        const char* const last = std::find(text, end, '\0');
        if (std::string_view(text, last) == with) return true;
        text = last + 1;
    }
    return false;
}

Node Node::above() const noexcept {
    for (Walk walk; const auto node = walk.next();)
        if (node->offset_ == above_) return *node;
    return *this;
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
