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
        const std::byte* const here = next_token(at);
        const Token token = token_at(here);
        if (token == Token::property) {
            // Properties come before nodes: it is one of the node that began last. [5.4.2]
            if (compatible.empty() || !Property::from(here).named("compatible"sv) ||
                !lists(Property::from(here).value(), compatible) || !last_.enabled())
                continue;
        } else if (token == Token::begin_node) {
            last_ = Node(static_cast<std::uint32_t>(here - blob.structure), levels_++);
            if (!compatible.empty()) continue;
        } else {
            if (--levels_ == 0) at = nullptr;
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
std::optional<Node> at_absolute(std::string_view path) noexcept {
    Walk walk;
    auto node = walk.next();
    for (unsigned level = 1; node; ++level) {
        while (path.starts_with('/')) path.remove_prefix(1);
        if (path.empty()) return node;
        const std::string_view name = path.substr(0, path.find('/'));
        // Of the children only: deeper ones are passed over, and a shallower one ends the search.
        do {
            node = walk.next();
            if (!node || node->depth() < level) return std::nullopt;
        } while (node->depth() > level || !node->named(name));
        path.remove_prefix(name.size());
    }
    return node;
}

}  // namespace

std::optional<Node> at(std::string_view path) noexcept {
    if (!path.empty() && !path.starts_with('/'))
        if (const auto aliases = at_absolute("/aliases"sv)) path = aliases->string(path);
    return path.starts_with('/') ? at_absolute(path) : std::nullopt;  // no alias of an alias
}

std::optional<Node> noted(Noted which) noexcept {
    const std::uint32_t offset = blob.noted[std::to_underlying(which)];
    if (offset == 0) return std::nullopt;
    return Node(offset, 1);
}

std::optional<Node> console() noexcept {
    const auto node = noted(Noted::chosen);
    if (!node) return std::nullopt;
    const std::string_view path = node->string("stdout-path"sv);  // what follows a colon are settings [3.6]
    return at(path.substr(0, path.find(':')));
}

}  // namespace unicore::bus::devicetree
