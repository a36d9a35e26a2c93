// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::xen::store {

/// What the client finds by its number. The hook is for one of the client's lists, which own nothing;
/// guarded by masked interrupts.
struct Entry {
    Entry* next = nullptr;
    std::uint32_t id = 0;  ///< the client's own; 0: none
};

}  // namespace unicore::xen::store
