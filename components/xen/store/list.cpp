// SPDX-License-Identifier: BSD-3-Clause
#include "list.hpp"

#include <boost/intrusive/linear_slist_algorithms.hpp>

namespace unicore::xen::store {
namespace {

struct EntryTraits {
    using node = Entry;
    using node_ptr = Entry*;
    using const_node_ptr = const Entry*;
    static Entry* get_next(const Entry* entry) noexcept { return entry->next; }
    static void set_next(Entry* entry, Entry* next) noexcept { entry->next = next; }
};
using Algorithms = boost::intrusive::linear_slist_algorithms<EntryTraits>;

}  // namespace

Entry* List::find(std::uint32_t id) const noexcept {
    Entry* entry = first();
    while (entry != nullptr && entry->id != id) entry = entry->next;
    return entry;
}

void List::append(Entry& entry) noexcept {
    Algorithms::link_after(Algorithms::get_previous_node(&before_first_, nullptr), &entry);
}

bool List::remove(Entry& entry) noexcept {
    for (Entry* before = &before_first_; before->next != nullptr; before = before->next) {
        if (before->next != &entry) continue;
        Algorithms::unlink_after(before);
        return true;
    }
    return false;
}

}  // namespace unicore::xen::store
