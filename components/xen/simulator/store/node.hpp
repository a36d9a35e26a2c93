// SPDX-License-Identifier: BSD-3-Clause
/// The store's tree as values: a change makes a new tree that shares what did not change, so a
/// transaction's snapshot is a pointer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unicore::xen::simulator {

struct StoreNode {
    std::string value;
    std::vector<std::string> permissions{"n0"};  ///< the owner's first: "n0", "r5"
    std::uint64_t generation = 0;                ///< of the last change of this node or its list of children
    /// In the order in which they were made.
    std::vector<std::pair<std::string, std::shared_ptr<const StoreNode>>> children;

    const std::shared_ptr<const StoreNode>* child(std::string_view name) const;
    unsigned owner() const;
    /// How many bytes xenstored stores for it. [Xen, tools/xenstore/xenstored_core.c, struct xs_tdb_record_hdr]
    std::size_t size() const;
    /// Whether `domain` may; `what` is 'r' or 'w'.
    bool permits(unsigned domain, char what) const;
};
using StoreNodes = std::shared_ptr<const StoreNode>;

/// "/a/b" as "a", "b".
std::vector<std::string> split_path(std::string_view path);

/// Null when there is no such node.
const StoreNode* find(const StoreNodes& root, std::string_view path);

/// The deepest node of a path that is there.
const StoreNode& nearest(const StoreNodes& root, std::string_view path);

/// With the node at `path` changed, made where it is not there, as are those above: children of what
/// is nearest, with its permissions, owned by `creator` unless that is 0.
StoreNodes with(const StoreNodes& root, std::string_view path, std::uint64_t generation, unsigned creator,
                const std::function<void(StoreNode&)>& change);
StoreNodes without(const StoreNodes& root, std::string_view path, std::uint64_t generation);

/// Calls `visit` for each node.
void visit(const StoreNodes& root, const std::function<void(const StoreNode&)>& visit);

}  // namespace unicore::xen::simulator
