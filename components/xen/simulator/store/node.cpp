// SPDX-License-Identifier: BSD-3-Clause
#include "node.hpp"

#include <algorithm>
#include <cstdlib>

namespace unicore::xen::simulator {
namespace {

unsigned domain_of(const std::string& permission) {
    return static_cast<unsigned>(std::strtoul(permission.c_str() + 1, nullptr, 10));
}

using Parts = std::vector<std::string>;
using Child = std::pair<std::string, StoreNodes>;

StoreNodes changed(const StoreNode& node, const Parts& parts, std::size_t depth, std::uint64_t generation,
                   unsigned creator, const std::function<void(StoreNode&)>& change) {
    auto copy = std::make_shared<StoreNode>(node);
    if (depth == parts.size()) {
        change(*copy);
        copy->generation = generation;
        return copy;
    }
    auto child = std::ranges::find(copy->children, parts[depth], &Child::first);
    if (child == copy->children.end()) {
        copy->generation = generation;
        auto made = std::make_shared<StoreNode>();
        made->permissions = node.permissions;
        if (creator != 0) made->permissions[0] = node.permissions[0][0] + std::to_string(creator);
        made->generation = generation;
        child = copy->children.emplace(child, parts[depth], made);
    }
    child->second = changed(*child->second, parts, depth + 1, generation, creator, change);
    return copy;
}

}  // namespace

unsigned StoreNode::owner() const { return domain_of(permissions.front()); }

std::size_t StoreNode::size() const {
    std::size_t names = 0;
    for (const Child& child : children) names += child.first.size() + 1;
    return 24 + 8 * permissions.size() + value.size() + names;
}

const StoreNodes* StoreNode::child(std::string_view name) const {
    const auto found = std::ranges::find(children, name, &Child::first);
    return found == children.end() ? nullptr : &found->second;
}

bool StoreNode::permits(unsigned domain, char what) const {
    if (domain == 0 || domain == owner()) return true;
    char mode = permissions.front()[0];
    for (std::size_t i = 1; i < permissions.size(); ++i)
        if (domain_of(permissions[i]) == domain) mode = permissions[i][0];
    return mode == 'b' || mode == what;
}

std::vector<std::string> split_path(std::string_view path) {
    Parts parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::string_view part = path.substr(0, path.find('/'));
        if (!part.empty()) parts.emplace_back(part);
        path.remove_prefix(part.size());
    }
    return parts;
}

const StoreNode* find(const StoreNodes& root, std::string_view path) {
    const StoreNode* node = root.get();
    for (const std::string& part : split_path(path)) {
        const StoreNodes* const child = node->child(part);
        if (child == nullptr) return nullptr;
        node = child->get();
    }
    return node;
}

const StoreNode& nearest(const StoreNodes& root, std::string_view path) {
    const StoreNode* node = root.get();
    for (const std::string& part : split_path(path)) {
        const StoreNodes* const child = node->child(part);
        if (child == nullptr) break;
        node = child->get();
    }
    return *node;
}

StoreNodes with(const StoreNodes& root, std::string_view path, std::uint64_t generation, unsigned creator,
                const std::function<void(StoreNode&)>& change) {
    return changed(*root, split_path(path), 0, generation, creator, change);
}

StoreNodes without(const StoreNodes& root, std::string_view path, std::uint64_t generation) {
    Parts parts = split_path(path);
    const std::string last = parts.back();
    parts.pop_back();
    return changed(*root, parts, 0, generation, 0, [&](StoreNode& node) {
        std::erase_if(node.children, [&](const Child& child) { return child.first == last; });
    });
}

void visit(const StoreNodes& root, const std::function<void(const StoreNode&)>& call) {
    call(*root);
    for (const auto& [name, child] : root->children) visit(child, call);
}

}  // namespace unicore::xen::simulator
