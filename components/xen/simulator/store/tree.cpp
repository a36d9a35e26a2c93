// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/simulator/store/tree.hpp>

#include "node.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace unicore::xen::simulator {
namespace {

/// The payload's strings, each of which a null ends.
std::vector<std::string> split_words(const std::string& payload) {
    std::vector<std::string> words;
    for (std::size_t at = 0, end; (end = payload.find('\0', at)) != payload.npos; at = end + 1)
        words.push_back(payload.substr(at, end - at));
    return words;
}

std::string home(unsigned domain) { return "/local/domain/" + std::to_string(domain); }

/// Not a node: what is watched to hear of domains that come and go.
bool special(const std::string& path) { return path.starts_with('@'); }

/// The absolute path for what a domain named. [xenstore.txt, "Store paths"]
std::string absolute(unsigned domain, const std::string& path) {
    const bool relative = !path.starts_with('/');
    if (special(path)) throw "EINVAL";
    if (path.empty() || path.size() > (relative ? XENSTORE_REL_PATH_MAX : XENSTORE_ABS_PATH_MAX)) throw "EINVAL";
    if ((path.size() > 1 && path.ends_with('/')) || path.find("//") != path.npos) throw "EINVAL";
    for (const char character : path)
        if (!std::isalnum(static_cast<unsigned char>(character)) && !std::string_view("-/_@").contains(character))
            throw "EINVAL";
    return relative ? home(domain) + '/' + path : path;
}

bool is_at_or_below(const std::string& path, const std::string& above) {
    return above == "/" || path == above || path.starts_with(above + '/');
}

bool is_permission(const std::string& text) {
    return text.size() >= 2 && text.size() <= 6 && std::string_view("rwbn").find(text[0]) != std::string_view::npos &&
           std::all_of(text.begin() + 1, text.end(), [](unsigned char digit) { return std::isdigit(digit); });
}

std::string parent(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

const std::string& word(const std::vector<std::string>& words, std::size_t index) {
    if (index >= words.size()) throw "EINVAL";
    return words[index];
}

/// That there is none is only told to who might look at what is above it.
const char* missing(const StoreNodes& tree, const std::string& path, unsigned domain, char what) {
    return nearest(tree, path).permits(domain, what) ? "ENOENT" : "EACCES";
}

}  // namespace

StoreTree::StoreTree(StoreQuota quota) : quota_(quota), root_(std::make_shared<StoreNode>()) {
    introduced_.insert(0);
    write(home(0), "");
}

StoreMessage StoreTree::handle(Domain domain, const StoreMessage& message) {
    StoreMessage reply{message.type, message.request, message.transaction, {}};
    try {
        reply.payload = perform(domain, message);
        if (reply.payload.size() > XENSTORE_PAYLOAD_MAX) throw "E2BIG";
    } catch (const char* error) {
        reply.type = XS_ERROR;
        reply.payload = std::string(error) + '\0';
    }
    return reply;
}

std::string StoreTree::perform(Domain domain, const StoreMessage& message) {
    const std::vector<std::string> words = split_words(message.payload);
    Transaction* transaction = nullptr;
    if (message.transaction != 0) {
        const auto found = transactions_.find({domain, message.transaction});
        if (found == transactions_.end()) throw "ENOENT";
        transaction = &found->second;
    }
    const std::string ok{"OK", 3};
    switch (message.type) {
        case XS_READ:
        case XS_DIRECTORY:
        case XS_GET_PERMS: return look(domain, message.type, absolute(domain, word(words, 0)), transaction);
        case XS_WRITE: {
            const std::size_t null = message.payload.find('\0');
            if (null == message.payload.npos) throw "EINVAL";
            const std::string path = absolute(domain, word(words, 0));
            return change(domain, {XS_WRITE, path, message.payload.substr(null + 1)}, transaction);
        }
        case XS_SET_PERMS: {
            std::string permissions = word(words, 1);
            if (domain != 0 && words.size() - 1 > quota_.permissions) throw "ENOSPC";
            if (!std::all_of(words.begin() + 1, words.end(), is_permission)) throw "EINVAL";
            for (std::size_t i = 2; i < words.size(); ++i) permissions += ' ' + words[i];
            return change(domain, {XS_SET_PERMS, absolute(domain, words[0]), permissions}, transaction);
        }
        case XS_MKDIR:
        case XS_RM: return change(domain, {message.type, absolute(domain, word(words, 0)), {}}, transaction);
        case XS_WATCH: watch(domain, words); return ok;
        case XS_UNWATCH: unwatch(domain, words); return ok;
        case XS_TRANSACTION_END:
            if (word(words, 0) != "T" && words[0] != "F") throw "EINVAL";
            end_transaction(domain, message.transaction, words[0] == "T");
            return ok;
        default: return control(domain, message, words);
    }
}

std::string StoreTree::look(Domain domain, std::uint32_t type, const std::string& path, Transaction* transaction) {
    if (transaction != nullptr) transaction->touch(path);
    const Tree* const tree = transaction != nullptr ? &transaction->tree : &root_;
    const StoreNode* const node = find(*tree, path);
    if (node == nullptr) throw missing(*tree, path, domain, 'r');
    if (!node->permits(domain, 'r')) throw "EACCES";
    std::string reply;
    if (type == XS_READ) return node->value;
    if (type == XS_GET_PERMS)
        for (const std::string& permission : node->permissions) reply += permission + '\0';
    else
        for (const auto& [name, child] : node->children) reply += name + '\0';
    return reply;
}

std::string StoreTree::change(Domain domain, const Change& change, Transaction* transaction) {
    Tree& tree = transaction != nullptr ? transaction->tree : root_;
    const StoreNode* const node = find(tree, change.path);
    const std::string ok{"OK", 3};
    if (transaction != nullptr) transaction->touch(change.path);
    if (change.path == "/" && change.type == XS_RM) throw "EINVAL";
    if (node == nullptr && change.type == XS_SET_PERMS) throw missing(tree, change.path, domain, 'w');
    if (node == nullptr && change.type == XS_RM) {
        // Fine when only the last part is missing. [xenstore.txt, RM]
        const std::string_view error = missing(tree, change.path, domain, 'w');
        if (error != "ENOENT" || find(tree, parent(change.path)) == nullptr)
            throw missing(tree, change.path, domain, 'w');
        return ok;
    }
    if (!nearest(tree, change.path).permits(domain, 'w')) throw "EACCES";
    if (change.type == XS_SET_PERMS && domain != 0) {
        if (node->owner() != domain) throw "EACCES";
        if (change.value.substr(1, change.value.find(' ') - 1) != std::to_string(domain)) throw "EPERM";
    }
    if (node != nullptr && change.type == XS_MKDIR) return ok;
    if (domain != 0 && node == nullptr) {
        std::size_t owned = 0;
        visit(tree, [&](const StoreNode& other) { owned += other.owner() == domain; });
        if (owned >= quota_.nodes) throw "ENOSPC";
    }
    Tree changed = tree;
    apply(changed, domain, change);
    // The node, and what is above it when that has one child more.
    for (const std::string& path : {change.path, parent(change.path)}) {
        const StoreNode* const now = find(changed, path);
        if (domain != 0 && now != nullptr && (path == change.path || node == nullptr) && now->size() >= quota_.node)
            throw "ENOSPC";
    }
    if (transaction == nullptr) {
        const Tree before = std::exchange(root_, changed);
        fire(change.path, before, change.type == XS_RM);
    } else {
        // Those above it are looked at, and changed, where it comes or goes.
        for (std::string path = change.path; path != "/" && (find(tree, path) == nullptr || change.type == XS_RM);
             path = parent(path)) {
            transaction->touch(parent(path));
            if (find(tree, path) != nullptr) break;
        }
        transaction->changes.push_back(change);
        tree = changed;
    }
    return ok;
}

void StoreTree::apply(Tree& tree, Domain domain, const Change& change) {
    ++generation_;
    if (change.type == XS_RM) {
        if (find(tree, change.path) != nullptr) tree = without(tree, change.path, generation_);
        return;
    }
    tree = with(tree, change.path, generation_, domain, [&](StoreNode& node) {
        if (change.type == XS_WRITE) node.value = change.value;
        if (change.type != XS_SET_PERMS) return;
        node.permissions.clear();
        for (std::size_t at = 0; at <= change.value.size();) {
            const std::size_t end = std::min(change.value.find(' ', at), change.value.size());
            node.permissions.push_back(change.value.substr(at, end - at));
            at = end + 1;
        }
    });
}

void StoreTree::commit(Domain domain, const Change& change) {
    const Tree before = root_;
    apply(root_, domain, change);
    fire(change.path, before, change.type == XS_RM);
}

void StoreTree::fire(const std::string& path, const Tree& before, bool removed) {
    const std::vector<Watch> watches = watches_;
    for (const Watch& watch : watches) {
        const std::string* what = nullptr;
        if (special(path)) what = watch.path == path ? &path : nullptr;
        else if (is_at_or_below(path, watch.path)) what = &path;
        else if (removed && is_at_or_below(watch.path, path) && find(before, watch.path) != nullptr) what = &watch.path;
        if (what == nullptr) continue;
        if (!special(path)) {
            const StoreNode* const now = find(root_, *what);
            if (!(now != nullptr ? *now : nearest(before, *what)).permits(watch.domain, 'r')) continue;
        }
        send(watch, *what);
    }
}

void StoreTree::send(const Watch& watch, const std::string& path) {
    const std::size_t cut = watch.relative ? home(watch.domain).size() + 1 : 0;
    const std::string shown = path.substr(std::min(cut, path.size()));
    events_[watch.domain].push_back({XS_WATCH_EVENT, 0, 0, shown + '\0' + watch.token + '\0'});
}

void StoreTree::watch(Domain domain, const std::vector<std::string>& words) {
    const std::string& given = word(words, 0);
    const std::string path = special(given) ? given : absolute(domain, given);
    const std::string& token = word(words, 1);
    for (const Watch& other : watches_)
        if (other.domain == domain && other.path == path && other.token == token) throw "EEXIST";
    if (domain != 0 && watches(domain) >= quota_.watches) throw "E2BIG";
    watches_.push_back({domain, path, token, !special(given) && !given.starts_with('/')});
    send(watches_.back(), path);
}

void StoreTree::unwatch(Domain domain, const std::vector<std::string>& words) {
    const std::string& given = word(words, 0);
    const std::string path = special(given) ? given : absolute(domain, given);
    const std::string& token = word(words, 1);
    if (std::erase_if(watches_, [&](const Watch& other) {
            return other.domain == domain && other.path == path && other.token == token;
        }) == 0)
        throw "ENOENT";
}

void StoreTree::end_transaction(Domain domain, std::uint32_t id, bool commits) {
    auto node = transactions_.extract({domain, id});
    if (node.empty()) throw "ENOENT";
    if (!commits) return;
    const Transaction& transaction = node.mapped();
    if (refusals_ != 0) {
        --refusals_;
        throw "EAGAIN";
    }
    for (const std::string& path : transaction.touched) {
        const StoreNode* const then = find(transaction.start, path);
        const StoreNode* const now = find(root_, path);
        if ((then != nullptr ? then->generation : 0) != (now != nullptr ? now->generation : 0)) throw "EAGAIN";
    }
    const Tree before = root_;
    for (const Change& change : transaction.changes) apply(root_, domain, change);
    // Once for each node, in the order in which the transaction came to them; not for one that came and went.
    for (const std::string& path : transaction.touched) {
        const auto last = std::ranges::find_last(transaction.changes, path, &Change::path);
        if (last.empty()) continue;
        const bool removed = last.front().type == XS_RM;
        if (!removed || find(transaction.start, path) != nullptr) fire(path, before, removed);
    }
}

std::string StoreTree::control(Domain domain, const StoreMessage& message, const std::vector<std::string>& words) {
    const auto number = [&] { return static_cast<Domain>(std::strtoul(word(words, 0).c_str(), nullptr, 10)); };
    switch (message.type) {
        case XS_TRANSACTION_START:
            if (message.transaction != 0) throw "EBUSY";
            if (domain != 0 && transactions(domain) > quota_.transactions) throw "ENOSPC";  // one more than that
            if (++last_transaction_ == 0) ++last_transaction_;
            transactions_[{domain, last_transaction_}] = {root_, root_, {}, {}};
            return std::to_string(last_transaction_) + '\0';
        case XS_GET_DOMAIN_PATH: return home(number()) + '\0';
        case XS_IS_DOMAIN_INTRODUCED:
            if (domain != 0) throw "EACCES";
            return (introduced(number()) ? std::string("T") : std::string("F")) + '\0';
        case XS_RESET_WATCHES:
            std::erase_if(watches_, [&](const Watch& watch) { return watch.domain == domain; });
            std::erase_if(transactions_, [&](const auto& entry) { return entry.first.first == domain; });
            return {"OK", 3};
        case XS_INTRODUCE:
        case XS_RELEASE:
        case XS_RESUME:
        case XS_SET_TARGET:
            if (domain != 0) throw "EACCES";
            if (message.type == XS_RESUME || message.type == XS_SET_TARGET) throw "ENOSYS";
            if (message.type == XS_INTRODUCE) introduce(number());
            else release(number());
            return {"OK", 3};
        default: throw "ENOSYS";
    }
}

void StoreTree::introduce(Domain domain) {
    if (!introduced_.insert(domain).second) return;
    if (find(root_, home(domain)) == nullptr) {
        write(home(domain), "");
        permissions(home(domain), "n" + std::to_string(domain));
    }
    fire("@introduceDomain", root_, false);
}

void StoreTree::release(Domain domain) {
    if (introduced_.erase(domain) == 0) return;
    std::erase_if(watches_, [&](const Watch& watch) { return watch.domain == domain; });
    std::erase_if(transactions_, [&](const auto& entry) { return entry.first.first == domain; });
    events_.erase(domain);
    fire("@releaseDomain", root_, false);
}

void StoreTree::write(std::string_view path, std::string_view value) {
    commit(0, {XS_WRITE, std::string(path), std::string(value)});
}

void StoreTree::remove(std::string_view path) {
    if (find(root_, path) != nullptr) commit(0, {XS_RM, std::string(path), {}});
}

void StoreTree::permissions(std::string_view path, std::string_view permissions) {
    commit(0, {XS_SET_PERMS, std::string(path), std::string(permissions)});
}

std::optional<std::string> StoreTree::read(std::string_view path) const {
    const StoreNode* const node = find(root_, path);
    if (node == nullptr) return {};
    return node->value;
}

void StoreTree::fire_spuriously(Domain domain, std::uint32_t choice) {
    const std::size_t count = watches(domain);
    if (count == 0) return;
    std::size_t left = choice % count;
    for (const Watch& watch : watches_)
        if (watch.domain == domain && left-- == 0) return send(watch, watch.path);
}

std::size_t StoreTree::watches(Domain domain) const {
    return static_cast<std::size_t>(std::ranges::count(watches_, domain, &Watch::domain));
}

std::size_t StoreTree::transactions(Domain domain) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(transactions_, [&](const auto& entry) { return entry.first.first == domain; }));
}

std::size_t StoreTree::nodes() const {
    std::size_t count = 0;
    visit(root_, [&](const StoreNode&) { ++count; });
    return count;
}

}  // namespace unicore::xen::simulator
