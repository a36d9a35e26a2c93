// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/assert.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/freelist.hpp>

namespace unicore::memory::pressure {

/// Something that holds memory which it can do without: a cache. Asked between `add` and `remove`, or its end.
class Reclaimer : freelist::Link {
public:
    Reclaimer(const Reclaimer&) = delete;
    Reclaimer& operator=(const Reclaimer&) = delete;

    /// Gives back memory: to memory.pages, `wanted` pages if it can, or to memory.heap. As much as is asked for is
    /// enough; less helps too, since others are asked after it.
    /// Context: the thread that wants memory, in the middle of its request. It must not wait. Pages that it takes itself
    /// come of what is free, without anybody being asked; blocks of the heap can be released and not allocated.
    virtual void reclaim(PageCount wanted) noexcept = 0;

protected:
    constexpr Reclaimer() noexcept : Link{nullptr, nullptr} {}
    ~Reclaimer();

private:
    friend class Registry;

    bool added_ = false;
};

/// Asks `reclaimer` from now on, before those that were added earlier; no matter if it is asked already. Allocates
/// nothing. Context: thread, inside of a reclaimer as well.
void add(Reclaimer& reclaimer) noexcept;

/// Does not ask it any more; no matter if it was not added. Context: thread, inside of a reclaimer as well.
void remove(Reclaimer& reclaimer) noexcept;

}  // namespace unicore::memory::pressure
