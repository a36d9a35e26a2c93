// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/assert.hpp>

namespace unicore::memory::freelist {

/// The hook of a free block: lies in the block, which has no other use for its memory.
/// May alias: the same bytes were, and will be, whatever the block's user keeps there.
struct [[gnu::may_alias]] Link {
    Link* next;   ///< null at the end
    Link** back;  ///< what points here: another one's `next`, or the list's front
};

/// Free blocks of one size class, the last one freed in front. The empty list is a null pointer, so that allocators have
/// whole arrays of these in .bss and nothing to construct.
class FreeList {
public:
    constexpr FreeList() noexcept = default;
    FreeList(const FreeList&) = delete;
    FreeList& operator=(const FreeList&) = delete;

    bool empty() const noexcept { return front_ == nullptr; }
    Link* front() const noexcept { return front_; }

    /// Returns whether the list was empty.
    [[gnu::always_inline]] bool push_front(Link* link) noexcept {
        Link* const next = front_;
        link->next = next;
        link->back = &front_;
        front_ = link;
        if (next == nullptr) return true;
        next->back = &link->next;
        return false;
    }

    /// Takes `link`, which is in this list, out of it; returns whether the list is empty now. Asserts that its neighbours
    /// know it: a block that was written to after its release fails here.
    bool remove(Link* link) noexcept {
        Link* const next = link->next;
        Link** const back = link->back;
        UNICORE_ASSERT(front_ != nullptr && *back == link && (next == nullptr || next->back == &link->next));
        *back = next;
        if (next == nullptr) return front_ == nullptr;
        next->back = back;
        return false;
    }

    /// Takes the front, which there is, out; returns whether the list is empty now.
    [[gnu::always_inline]] bool pop_front() noexcept {
        Link* const next = front_->next;
        UNICORE_ASSERT(front_->back == &front_ && (next == nullptr || next->back == &front_->next));
        front_ = next;
        if (next == nullptr) return true;
        next->back = &front_;
        return false;
    }

private:
    Link* front_ = nullptr;
};

}  // namespace unicore::memory::freelist
