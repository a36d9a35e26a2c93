// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

/// A packed virtqueue in memory. [VIRTIO 1.2, 2.8]
namespace unicore::bus::virtio::packed {

/// struct pvirtq_desc [2.8.13]
inline constexpr std::size_t descriptor_bytes = 16, address = 0, length = 8, id = 12, flags = 14;
inline constexpr std::uint16_t flag_next = 1, flag_write = 2, flag_available = 1 << 7, flag_used = 1 << 15;

/// struct pvirtq_event_suppress: a descriptor, where there is an event index, and what is wanted. [2.8.14]
namespace events {
inline constexpr std::size_t bytes = 4;
inline constexpr std::uint32_t all = 0, none = 1 << 16, kind = 3 << 16;
}  // namespace events

/// The driver's is behind the ring, the device's behind that.
constexpr std::size_t bytes_of(std::size_t size) noexcept { return descriptor_bytes * size + 2 * events::bytes; }

}  // namespace unicore::bus::virtio::packed
