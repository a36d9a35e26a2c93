// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/assert.hpp>

#include <boost/intrusive/circular_list_algorithms.hpp>

namespace unicore::memory::freelist {

/// The hook of a free block: lies in the block, which has no other use for its memory.
/// May alias: the same bytes were, and will be, whatever the block's user keeps there.
struct [[gnu::may_alias]] Link {
    Link* next;
    Link* previous;
};

struct LinkTraits {
    using node = Link;
    using node_ptr = Link*;
    using const_node_ptr = const Link*;
    static Link* get_next(const Link* link) noexcept { return link->next; }
    static void set_next(Link* link, Link* next) noexcept { link->next = next; }
    static Link* get_previous(const Link* link) noexcept { return link->previous; }
    static void set_previous(Link* link, Link* previous) noexcept { link->previous = previous; }
};

/// Free blocks of one size class, the last one freed in front. A ring without a head: the empty list
/// is a null pointer, so that allocators have whole arrays of these in .bss and nothing to construct.
class FreeList {
    using Algorithms = boost::intrusive::circular_list_algorithms<LinkTraits>;

public:
    bool empty() const noexcept { return front_ == nullptr; }
    Link* front() const noexcept { return front_; }

    void push_front(Link* link) noexcept {
        if (front_ == nullptr) Algorithms::init_header(link);
        else Algorithms::link_before(front_, link);
        front_ = link;
    }

    /// Takes `link`, which is in this list, out of it. Asserts that its neighbours know it: a block
    /// that was written to after its release fails here.
    void remove(Link* link) noexcept {
        UNICORE_ASSERT(front_ != nullptr && link->next->previous == link && link->previous->next == link);
        if (front_ == link) front_ = link->next == link ? nullptr : link->next;
        Algorithms::unlink(link);
    }

private:
    Link* front_ = nullptr;
};

}  // namespace unicore::memory::freelist
