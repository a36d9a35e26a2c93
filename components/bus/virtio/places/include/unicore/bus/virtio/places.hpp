// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

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

/// An interrupt line, in the terms of the machine's `interrupts`.
struct Specifier {
    std::array<std::uint32_t, 4> cells;
    std::size_t count;

    std::span<const std::uint32_t> view() const noexcept { return {cells.data(), count}; }
};

/// The line of the transport whose registers begin at `base`. Context: thread.
/// Errors: not_found; device_error when what is said of it is nonsense.
Result<Specifier> interrupt(std::uint64_t base) noexcept;

}  // namespace unicore::bus::virtio::places
