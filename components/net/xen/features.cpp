// SPDX-License-Identifier: BSD-3-Clause
#include "features.hpp"

#include <unicore/xen/store.hpp>

#include <algorithm>
#include <string_view>

namespace unicore::net::xen {
namespace {

/// A number of the back-end's; what is none, or not there, is `otherwise`. Errors: those of the store's connection.
Result<std::uint64_t> read(bus::Device& device, std::string_view name, std::uint64_t otherwise) noexcept {
    const auto value = device.read_other(name);
    if (value) return *value;
    switch (value.error()) {
        case Error::not_found:
        case Error::invalid_argument:
        case Error::out_of_range: return otherwise;
        default: return unexpected(value.error());
    }
}

}  // namespace

bool Features::cover(const Features& other) const noexcept {
    return scatter_gather >= other.scatter_gather && checksums >= other.checksums &&
           segments_tcp4 >= other.segments_tcp4 && segments_tcp6 >= other.segments_tcp6 && queues >= other.queues;
}

Result<Features> read_features(bus::Device& device) noexcept {
    const auto is = [&](std::string_view name) noexcept -> Result<bool> {
        return UNICORE_TRY(read(device, name, 0)) == 1;
    };
    if (!UNICORE_TRY(is("feature-rx-copy"))) return unexpected(Error::unsupported);
    Features features;
    features.scatter_gather = UNICORE_TRY(is("feature-sg"));
    features.checksums =
        !UNICORE_TRY(is("feature-no-csum-offload")) && UNICORE_TRY(is("feature-ipv6-csum-offload"));
    const bool segments = features.scatter_gather && features.checksums;
    features.segments_tcp4 = segments && UNICORE_TRY(is("feature-gso-tcpv4"));
    features.segments_tcp6 = segments && UNICORE_TRY(is("feature-gso-tcpv6"));
    features.split_channels = UNICORE_TRY(is("feature-split-event-channels"));
    const std::uint64_t queues = UNICORE_TRY(read(device, "multi-queue-max-queues", 1));
    features.queues = static_cast<std::uint16_t>(std::clamp<std::uint64_t>(queues, 1, 1024));
    return features;
}

Result<void> write_features(bus::Device& device, std::uint16_t queues, std::uint16_t most_queues) noexcept {
    constexpr std::string_view names[] = {"request-rx-copy",   "feature-rx-notify", "feature-sg",
                                          "feature-gso-tcpv4", "feature-gso-tcpv6", "feature-ipv6-csum-offload"};
    for (const std::string_view name : names) UNICORE_TRY(device.write(name, std::uint64_t{1}));
    if (most_queues > 1) UNICORE_TRY(device.write("multi-queue-num-queues", std::uint64_t{queues}));
    // What somebody left who was here before, such as a boot loader, and would be believed.
    constexpr std::string_view old[] = {"event-channel", "event-channel-tx", "event-channel-rx", "tx-ring-ref",
                                        "rx-ring-ref"};
    for (const std::string_view name : old) UNICORE_TRY(store::remove(store::Path{device.path(), name}));
    return {};
}

}  // namespace unicore::net::xen
