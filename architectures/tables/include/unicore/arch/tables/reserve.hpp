// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/units.hpp>

#include <cstddef>

namespace unicore::arch::tables {

/// Frames for page tables that can be had without allocating, linked through their first words.
class Frames {
public:
    /// `frame` is mapped read-write.
    void add(std::byte* frame) noexcept {
        *reinterpret_cast<std::byte**>(frame) = first_;
        first_ = frame;
        ++count_;
    }
    /// One of them, zeroed; null for none.
    std::byte* take() noexcept;

protected:
    /// Fills up to `most` from the front of `pages`, which keeps one at least.
    void fill_from(MemoryRange& pages, std::size_t most) noexcept;

    std::byte* first_ = nullptr;
    std::size_t count_ = 0;
};

/// At most so many of them.
template <std::size_t Most>
class FrameReserve : public Frames {
public:
    static constexpr std::size_t most = Most;

    std::size_t wanted() const noexcept { return most - count_; }
    void fill_from(MemoryRange& pages) noexcept { Frames::fill_from(pages, most); }
};

}  // namespace unicore::arch::tables
