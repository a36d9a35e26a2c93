// SPDX-License-Identifier: BSD-3-Clause
#include "list.hpp"

#include <boost/intrusive/linear_slist_algorithms.hpp>

namespace unicore::xen::store {
namespace {

using Algorithms = boost::intrusive::linear_slist_algorithms<boost::intrusive::slist_node_traits<void*>>;

}  // namespace

Entry* List::find(std::uint32_t id) const noexcept {
    Entry* entry = front();
    while (entry != nullptr && entry->id != id) entry = static_cast<Entry*>(entry->next_);
    return entry;
}

void List::append(Entry& entry) noexcept {
    Algorithms::link_after(Algorithms::get_previous_node(&front_, nullptr), &entry);
}

bool List::remove(Entry& entry) noexcept {
    for (auto* before = &front_; before->next_ != nullptr; before = before->next_) {
        if (before->next_ != &entry) continue;
        Algorithms::unlink_after(before);
        return true;
    }
    return false;
}

}  // namespace unicore::xen::store
