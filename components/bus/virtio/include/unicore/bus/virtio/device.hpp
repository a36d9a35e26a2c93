// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <concepts>
#include <cstdint>

namespace unicore::bus::virtio {

/// Bits of the device status. [2.1]
namespace status_bits {
inline constexpr std::uint32_t acknowledge = 1, driver = 2, driver_ok = 4, features_ok = 8, failed = 128;
}

/// Features that are no device's own. [6]
namespace feature_bits {
inline constexpr std::uint64_t event_index = std::uint64_t{1} << 29, version_1 = std::uint64_t{1} << 32,
                               ring_packed = std::uint64_t{1} << 34;
}

/// What a device's beginning needs of its transport.
template <typename T>
concept Transport = requires(const T device, std::uint32_t status, std::uint64_t features) {
    { device.legacy() } noexcept -> std::same_as<bool>;
    { device.status() } noexcept -> std::same_as<std::uint32_t>;
    { device.set_status(status) } noexcept -> std::same_as<void>;
    { device.reset() } noexcept -> std::same_as<Result<void>>;
    { device.features() } noexcept -> std::same_as<std::uint64_t>;
    { device.accept(features) } noexcept -> std::same_as<void>;
};

/// Resets the device and agrees on features: what `choose` makes of those that it offers, and VERSION_1 where it is not
/// legacy. Returns what was agreed on; queues are set up next, then `go`. Context: thread.
/// Errors: device_error when the device does not reset; unsupported when it is neither legacy nor of virtio 1, or wants
/// more than was accepted. Source: VIRTIO 1.2, 3.1.1, 1. to 6.; 3.1.2 for legacy devices.
template <Transport Device, std::invocable<std::uint64_t> Choose>
Result<std::uint64_t> negotiate(const Device& device, Choose choose) noexcept {
    using namespace status_bits;
    UNICORE_TRY(device.reset());
    device.set_status(acknowledge);
    device.set_status(acknowledge | driver);
    const std::uint64_t offered = device.features();
    const std::uint64_t version = device.legacy() ? 0 : feature_bits::version_1;
    if ((offered & version) != version) return unexpected(Error::unsupported);
    const std::uint64_t accepted = offered & (choose(offered) | version);
    device.accept(accepted);
    if (device.legacy()) return accepted;
    device.set_status(acknowledge | driver | features_ok);
    if ((device.status() & features_ok) == 0) return unexpected(Error::unsupported);
    return accepted;
}

/// The same, with those of `wanted`.
template <Transport Device>
Result<std::uint64_t> negotiate(const Device& device, std::uint64_t wanted) noexcept {
    return negotiate(device, [wanted](std::uint64_t) { return wanted; });
}

/// The device may begin: queues are there. [3.1.1, 8.]
template <Transport Device>
void go(const Device& device) noexcept {
    using namespace status_bits;
    device.set_status(acknowledge | driver | (device.legacy() ? 0 : features_ok) | driver_ok);
}

/// The driver gives the device up; before it was given a queue. [2.1, FAILED]
template <Transport Device>
void give_up(const Device& device) noexcept {
    device.set_status(status_bits::acknowledge | status_bits::driver | status_bits::failed);
}

}  // namespace unicore::bus::virtio
