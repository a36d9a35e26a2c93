// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/virtio/device.hpp>
#include <unicore/bus/virtio/register_device.hpp>
#include <unicore/bus/virtio/transports.hpp>

/// Virtio devices. [Virtual I/O Device (VIRTIO) 1.2]
namespace unicore::bus::virtio {

/// A device of the machine, whatever its transport is.
using Device = RegisterDevice<Registers>;

/// The machine's device of this kind, the one at `index` of several. Devices are only looked at, not reset.
/// Context: thread. Errors: not_found; out_of_memory or out_of_range when it is not there and a place where it could be
/// cannot be mapped.
Result<Device> find(DeviceId id, unsigned index = 0) noexcept;

}  // namespace unicore::bus::virtio
