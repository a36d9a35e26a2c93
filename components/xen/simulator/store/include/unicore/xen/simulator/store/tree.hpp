// SPDX-License-Identifier: BSD-3-Clause
/// What xenstored does with messages, without how they come: the tree, permissions, watches, transactions.
/// [Xen, docs/misc/xenstore.txt]
#pragma once

#include <cstdint>  // xs_wire.h wants it
#include <xen/io/xs_wire.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unicore::xen::simulator {

struct StoreNode;

struct StoreMessage {
    std::uint32_t type = XS_INVALID;
    std::uint32_t request = 0;
    std::uint32_t transaction = 0;
    std::string payload;
};

/// What a domain without privilege may use up.
struct StoreQuota {
    std::size_t nodes = 1000;
    std::size_t watches = 128;
    std::size_t transactions = 10;
    std::size_t node = 2048;  ///< what it takes to store one, from which on it is too much
    std::size_t permissions = 5;
};

class StoreTree {
public:
    using Domain = std::uint16_t;

    explicit StoreTree(StoreQuota quota = {});

    /// The reply to a message from `domain`; events that it causes are in `events` of whoever watches.
    StoreMessage handle(Domain domain, const StoreMessage& message);

    /// Watch events for a domain, oldest first; whoever delivers one takes it away.
    std::deque<StoreMessage>& events(Domain domain) { return events_[domain]; }

    /// A domain comes, with a home of its own, /local/domain/N, unless the toolstack made one; or it goes, with
    /// all of its watches and transactions, its home staying. Both fire the special watches.
    void introduce(Domain domain);
    void release(Domain domain);
    bool introduced(Domain domain) const { return introduced_.contains(domain); }

    // The toolstack's shortcuts, as domain 0.
    void write(std::string_view path, std::string_view value);
    void remove(std::string_view path);
    void permissions(std::string_view path, std::string_view permissions);
    std::optional<std::string> read(std::string_view path) const;

    /// Makes the next `count` transactions that would commit fail with EAGAIN.
    void refuse_transactions(unsigned count) { refusals_ = count; }
    /// Fires a watch of `domain` for nothing, the one chosen by `choice`, if it has any.
    void fire_spuriously(Domain domain, std::uint32_t choice);

    std::size_t watches(Domain domain) const;
    std::size_t transactions(Domain domain) const;
    std::size_t nodes() const;

private:
    using Tree = std::shared_ptr<const StoreNode>;
    struct Watch {
        Domain domain;
        std::string path;  ///< absolute, or special
        std::string token;
        bool relative;
    };
    struct Change {
        std::uint32_t type;
        std::string path;
        std::string value;
    };
    struct Transaction {
        Tree start;
        Tree tree;
        std::vector<std::string> touched;  ///< by their first time
        std::vector<Change> changes;

        void touch(const std::string& path) {
            if (std::ranges::find(touched, path) == touched.end()) touched.push_back(path);
        }
    };

    // Replies' payloads; errors are thrown, as their names.
    std::string perform(Domain domain, const StoreMessage& message);
    std::string look(Domain domain, std::uint32_t type, const std::string& path, Transaction* transaction);
    std::string change(Domain domain, const Change& change, Transaction* transaction);
    std::string control(Domain domain, const StoreMessage& message, const std::vector<std::string>& words);
    void watch(Domain domain, const std::vector<std::string>& words);
    void unwatch(Domain domain, const std::vector<std::string>& words);
    void end_transaction(Domain domain, std::uint32_t id, bool commits);

    void apply(Tree& tree, Domain domain, const Change& change);
    void commit(Domain domain, const Change& change);
    void fire(const std::string& path, const Tree& before, bool removed);
    void send(const Watch& watch, const std::string& path);

    const StoreQuota quota_;
    Tree root_;
    std::uint64_t generation_ = 0;
    std::uint32_t last_transaction_ = 0;
    unsigned refusals_ = 0;
    std::vector<Watch> watches_;
    std::map<std::pair<Domain, std::uint32_t>, Transaction> transactions_;
    std::map<Domain, std::deque<StoreMessage>> events_;
    std::set<Domain> introduced_;
};

}  // namespace unicore::xen::simulator
