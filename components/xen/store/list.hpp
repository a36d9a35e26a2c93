// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/xen/store/entry.hpp>

#include <cstdint>

namespace unicore::xen::store {

/// Requests, or watches, in the order in which they came. Zero is empty: unlike Boost.Intrusive's own
/// lists it needs no constructor, so neither does the client. Owns nothing; used masked.
class List {
public:
    Entry* first() const noexcept { return before_first_.next; }
    /// The first one with that number, or null.
    Entry* find(std::uint32_t id) const noexcept;
    void append(Entry& entry) noexcept;
    /// Returns whether it was there.
    bool remove(Entry& entry) noexcept;

private:
    Entry before_first_;
};

}  // namespace unicore::xen::store
