// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform.hpp>

#include <cstddef>
#include <functional>
#include <set>
#include <vector>

namespace unicore::test {

/// The platform contract over reserved address space: what was not committed faults when touched,
/// and so do the holes between ranges. One at a time; without one there is no memory.
class FakePlatform {
public:
    /// A range of memory: pages from the start of the address space that is set aside, and a size.
    struct Shape {
        std::size_t offset;
        std::size_t pages;
    };
    explicit FakePlatform(std::vector<Shape> shapes);
    ~FakePlatform();
    FakePlatform(const FakePlatform&) = delete;
    FakePlatform& operator=(const FakePlatform&) = delete;

    std::span<const MemoryRange> ranges() const { return ranges_; }
    std::byte* base() const { return base_; }
    Result<MemoryRange> commit(MemoryRange range);
    /// Whether `page` was committed and left to the caller.
    bool usable(const std::byte* page) const { return usable_.contains(page); }
    /// Whether all pages that the platform kept still hold what it wrote.
    bool kept_intact() const;

    /// How many pages to keep at the start of a range, out of that many. None by default.
    std::function<std::size_t(std::size_t pages)> keep;
    /// Whether to refuse a range. Never by default.
    std::function<bool(MemoryRange range)> refuse;
    /// Notes single pages for `usable` and fills them with garbage; off for very large ranges.
    bool track = true;

    std::size_t commits = 0;
    std::size_t committed = 0;  ///< pages, the kept ones included
    std::size_t kept = 0;       ///< pages

private:
    std::byte* base_ = nullptr;
    std::size_t reserved_ = 0;
    std::vector<MemoryRange> ranges_;
    std::set<const std::byte*> usable_;
    std::vector<std::byte*> kept_pages_;
};

}  // namespace unicore::test
