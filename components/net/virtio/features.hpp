// SPDX-License-Identifier: BSD-3-Clause
/// What a virtio network device offers, and what comes of it. [VIRTIO 1.2, 5.1.3 and 5.1.4]
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/virtio/device.hpp>
#include <unicore/bus/virtio/queue.hpp>
#include <unicore/bus/virtio/register_device.hpp>
#include <unicore/net/device.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::net::virtio {

constexpr std::uint64_t bit(unsigned number) noexcept { return std::uint64_t{1} << number; }

namespace features {
inline constexpr std::uint64_t csum = bit(0), guest_csum = bit(1), mtu = bit(3), mac = bit(5), guest_tso4 = bit(7),
                               guest_tso6 = bit(8), host_tso4 = bit(11), host_tso6 = bit(12), mrg_rxbuf = bit(15),
                               status = bit(16), speed_duplex = bit(63);
inline constexpr std::uint64_t any_layout = bit(27);  // of legacy devices [6.3]
}  // namespace features

/// Where it is in the configuration.
namespace places {
inline constexpr std::uint32_t mac = 0, status = 6, mtu = 10, speed = 12;
}

/// What is accepted of `offered`: nothing that needs what is missing. [5.1.3.1]
constexpr std::uint64_t choose(std::uint64_t offered) noexcept {
    using namespace features;
    std::uint64_t wanted = csum | guest_csum | mtu | mac | guest_tso4 | guest_tso6 | host_tso4 | host_tso6 | mrg_rxbuf |
                           status | speed_duplex | any_layout | bus::virtio::feature_bits::event_index |
                           bus::virtio::feature_bits::ring_packed;
    // QEMU, whose peer was busy, takes all that there is of a packed ring and leaves its event behind it, where nobody
    // comes by; flags it keeps right. (7.2, virtio_net_tx_complete)
    if ((offered & bus::virtio::feature_bits::ring_packed) != 0) wanted &= ~bus::virtio::feature_bits::event_index;
    if ((offered & csum) == 0) wanted &= ~(host_tso4 | host_tso6);
    // A merged packet without mergeable buffers would want 64 KiB in a row each.
    if ((offered & guest_csum) == 0 || (offered & mrg_rxbuf) == 0) wanted &= ~(guest_tso4 | guest_tso6);
    return offered & wanted;
}

constexpr bool has(std::uint64_t accepted, std::uint64_t feature) noexcept { return (accepted & feature) == feature; }

constexpr bus::virtio::Rings rings_of(std::uint64_t accepted) noexcept {
    using bus::virtio::Rings;
    if (has(accepted, bus::virtio::feature_bits::ring_packed)) return Rings::packed;
    return has(accepted, bus::virtio::feature_bits::event_index) ? Rings::split_event_index : Rings::split;
}

/// Of the header in front of each packet; the last two bytes, `num_buffers`, are not always there. [5.1.6, 5.1.6.1]
constexpr std::size_t header_size_of(std::uint64_t accepted) noexcept {
    return (accepted & (features::mrg_rxbuf | bus::virtio::feature_bits::version_1)) != 0 ? 12 : 10;
}

/// What the device is like, after it was agreed on. `longest`: bytes of a frame that a buffer has room for.
/// Errors: unsupported when it has no address, or is older than header and packet in one buffer; device_error when it
/// has one that no station has, or an MTU that no network has; of config.
template <typename Device>
Result<Properties> properties_of(const Device& device, std::uint64_t accepted, std::size_t longest) noexcept {
    if (!has(accepted, features::mac)) return unexpected(Error::unsupported);
    if (device.legacy() && !has(accepted, features::any_layout)) return unexpected(Error::unsupported);
    Properties properties;
    properties.address.bytes = UNICORE_TRY(device.template config<std::array<std::uint8_t, 6>>(places::mac));
    if (!properties.address.station()) return unexpected(Error::device_error);
    if (has(accepted, features::mtu)) {
        properties.mtu = UNICORE_TRY(device.template config<std::uint16_t>(places::mtu));
        if (properties.mtu < 68) return unexpected(Error::device_error);  // [5.1.4.1]
        // Frames that are received are as long as those that are sent.
        const std::size_t most = longest - ethernet_header_size;
        if (!has(accepted, features::mrg_rxbuf) && properties.mtu > most) return unexpected(Error::unsupported);
    }
    properties.completes_checksums = has(accepted, features::csum);
    properties.verifies_checksums = has(accepted, features::guest_csum);
    properties.segments_tcp4 = has(accepted, features::host_tso4);
    properties.segments_tcp6 = has(accepted, features::host_tso6);
    properties.merges_tcp = (accepted & (features::guest_tso4 | features::guest_tso6)) != 0;
    return properties;
}

/// Its link, as far as it tells. [5.1.4.2]
template <typename Device>
Link link_of(const Device& device, std::uint64_t accepted) noexcept {
    constexpr std::uint16_t up = 1;
    constexpr std::uint32_t most = 0x7fff'ffff;  // more is nothing known [5.1.4.1]
    Link link{.up = true, .megabits = 0};
    if (has(accepted, features::status)) {
        const auto status = device.template config<std::uint16_t>(places::status);
        link.up = status && (*status & up) != 0;
    }
    if (has(accepted, features::speed_duplex)) {
        const auto speed = device.template config<std::uint32_t>(places::speed);
        if (speed && *speed <= most) link.megabits = *speed;
    }
    return link;
}

}  // namespace unicore::net::virtio
