// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::bus::virtio::places {

/// Physical addresses of a transport's registers, in bytes; not mapped yet.
struct Place {
    std::uint64_t base;
    std::uint64_t size;
};

/// Looks at a place; returns whether to go on to the next.
using Visit = bool (*)(const Place& place, void* context) noexcept;

/// Visits all places that this machine has, in its own order, which is the same each time.
/// Context: thread. Source: VIRTIO 1.2, 4.2.1.
void each(Visit visit, void* context) noexcept;

}  // namespace unicore::bus::virtio::places
