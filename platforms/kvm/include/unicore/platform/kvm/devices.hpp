// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace unicore::platform::kvm {

inline constexpr std::size_t most_devices = 16;

/// The values of `virtio_mmio.device=` words that the monitor put on the command line,
/// SIZE@BASE:INTERRUPT[:ID], as they stand there. [Linux, drivers/virtio/virtio_mmio.c]
std::span<const std::string_view> devices_of_monitor() noexcept;

}  // namespace unicore::platform::kvm
