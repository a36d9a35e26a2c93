// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

#include <utility>

namespace unicore::bus::devicetree {
using namespace std::string_view_literals;

Walk::Walk(const Node& from) noexcept
    : at_(blob.structure == nullptr ? nullptr : from.place()), levels_(from.depth()) {}

std::optional<Node> Walk::next(std::string_view compatible) noexcept {
    const std::byte* at = at_;
    while (at != nullptr) {
        const std::byte* const here = at;
        const Token token = token_at(here);
        at += 4;
        if (token == Token::property) {
            // Properties come before nodes: it is one of the node that began last. [5.4.2]
            const Property& property = Property::from(here);
            at = here + property.length();
            if (compatible.empty() || !property.named("compatible") || !lists(property.value(), compatible) ||
                !last_.enabled())
                continue;
        } else if (token == Token::begin_node) {
            last_ = Node(static_cast<std::uint32_t>(here - blob.structure), levels_++);
            at = behind_name(at);
            if (!compatible.empty()) continue;
        } else {
            if (token == Token::end_node && --levels_ == 0) at = nullptr;
            continue;
        }
        at_ = at;
        return last_;
    }
    at_ = at;
    return std::nullopt;
}

Node Node::above() const noexcept {
    Node above;
    if (depth_ > 1)
        for (Walk walk; const auto node = walk.next();) {
            if (*node == *this) break;
            if (node->depth_ == depth_ - 1) above = *node;
        }
    return above;
}

std::optional<Node> find(std::string_view compatible) noexcept { return Walk().next(compatible); }

namespace {

/// The node at a path that begins with a slash.
std::optional<Node> at_absolute(const char* path) noexcept {
    Walk walk;
    auto node = walk.next();
    for (unsigned level = 1; node; ++level) {
        while (*path == '/') ++path;
        const char* const name = path;
        while (*path != '/' && *path != ':' && *path != '\0') ++path;
        if (path == name) return node;
        // Of the children only: deeper ones are passed over, and a shallower one ends the search.
        do {
            node = walk.next();
            if (!node || node->depth() < level) return std::nullopt;
        } while (node->depth() > level || !node->named({name, path}));
    }
    return node;
}

}  // namespace

std::optional<Node> at(const char* path) noexcept {
    if (*path != '/')
        if (const auto aliases = at_absolute("/aliases")) path = aliases->string(path);
    return *path == '/' ? at_absolute(path) : std::nullopt;  // no alias of an alias
}

Node noted(Noted which) noexcept {
    const std::uint32_t offset = blob.noted[std::to_underlying(which)];
    return {offset, offset != 0};
}

std::optional<Node> console() noexcept {
    return at(noted(Noted::chosen).string("stdout-path"));
}

}  // namespace unicore::bus::devicetree
