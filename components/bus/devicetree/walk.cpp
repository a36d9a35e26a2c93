// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

#include <libfdt.h>

#include <algorithm>

namespace unicore::bus::devicetree {
namespace {

/// Whether a component of a path means the node of this name: its unit address may be left out. [2.2.3]
bool matches(std::string_view name, std::string_view component) noexcept {
    return name == component || (name.starts_with(component) && name[component.size()] == '@' && !component.contains('@'));
}

}  // namespace

std::optional<Node> Walk::next() noexcept {
    while (blob != nullptr) {
        const int here = at_;
        switch (fdt_next_tag(blob, here, &at_)) {
            case FDT_BEGIN_NODE:
                if (depth_++ >= most_levels) continue;
                path_[depth_ - 1] = here;
                {
                    Node node;
                    node.offset_ = here;
                    node.above_ = path_[depth_ == 1 ? 0 : depth_ - 2];
                    node.depth_ = depth_ - 1;
                    return node;
                }
            case FDT_END_NODE:
                if (--depth_ == 0) return std::nullopt;
                continue;
            case FDT_PROP:
            case FDT_NOP: continue;
            default: return std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<Node> at(std::string_view path) noexcept {
    if (path.empty()) return std::nullopt;
    if (path.front() != '/') {
        const std::size_t end = std::min(path.find('/'), path.size());
        const auto aliases = at("/aliases");
        char name[64];
        if (!aliases || end >= sizeof name) return std::nullopt;
        path.copy(name, end);
        name[end] = '\0';
        const std::string_view target = aliases->string(name);
        if (target.empty() || target.front() != '/') return std::nullopt;  // no alias of an alias
        if (end == path.size()) return at(target);
        return std::nullopt;
    }
    Walk walk;
    auto node = walk.next();
    unsigned level = 0;
    while (node) {
        path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
        if (path.empty()) return node;
        const std::size_t end = std::min(path.find('/'), path.size());
        ++level;
        // Of the children only: deeper ones are passed over, and a shallower one ends the search.
        do node = walk.next();
        while (node && node->depth() >= level && (node->depth() > level || !matches(node->name(), path.substr(0, end))));
        if (!node || node->depth() < level) return std::nullopt;
        path.remove_prefix(end);
    }
    return std::nullopt;
}

}  // namespace unicore::bus::devicetree
