// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "names.hpp"

#include <unicore/base/result.hpp>
#include <unicore/xen/bus/device.hpp>

#include <cstdint>

namespace unicore::net::xen {

/// What a back-end can do, as far as it is of use here. [Xen, io/netif.h]
struct Features {
    bool scatter_gather = false;  ///< packets in several pages
    bool checksums = false;       ///< of IPv4 and IPv6
    bool segments_tcp4 = false;
    bool segments_tcp6 = false;
    bool split_channels = false;
    std::uint16_t queues = 1;  ///< the most

    /// Whether it can do all that `other` can, channels apart.
    bool cover(const Features& other) const noexcept;
};

/// What it says of itself. Errors: unsupported when it does not copy to where it is told; those of the store.
Result<Features> read_features(bus::Device& device) noexcept;

/// Says what we can, and how many queues there will be. Errors: those of the store.
Result<void> write_features(bus::Device& device, std::uint16_t queues, std::uint16_t most_queues) noexcept;

}  // namespace unicore::net::xen
