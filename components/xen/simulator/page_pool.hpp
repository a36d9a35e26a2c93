// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/units.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace unicore::xen::simulator {

/// Which of a domain's pages are taken: what memory.pages is for it.
class PagePool {
public:
    /// The pages [first, end) of those that start at `base`.
    PagePool(const std::byte* base, std::size_t first, std::size_t end) : base_(base), first_(first), taken_(end) {}

    /// The index of the first of `count` pages in a row; nothing when there are none.
    std::optional<std::size_t> take(std::size_t count, std::size_t alignment) {
        for (std::size_t page = first_; page < taken_.size() && count <= taken_.size() - page; ++page) {
            if (reinterpret_cast<std::uintptr_t>(base_ + page * page_size) % alignment != 0) continue;
            std::size_t free = 0;
            while (free < count && !taken_[page + free]) ++free;
            if (free == count) return mark(page, count, true), page;
        }
        return {};
    }
    bool taken(std::size_t page) const { return page >= first_ && page < taken_.size() && taken_[page]; }
    void give_back(std::size_t page, std::size_t count) { mark(page, count, false); }
    std::size_t total() const { return taken_.size() - first_; }
    std::size_t used() const { return used_; }

private:
    void mark(std::size_t page, std::size_t count, bool taken) {
        for (std::size_t i = 0; i < count; ++i) taken_[page + i] = taken;
        used_ = taken ? used_ + count : used_ - count;
    }

    const std::byte* base_;
    std::size_t first_;
    std::size_t used_ = 0;
    std::vector<bool> taken_;
};

}  // namespace unicore::xen::simulator
