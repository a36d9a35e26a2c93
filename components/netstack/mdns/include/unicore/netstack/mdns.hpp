// SPDX-License-Identifier: BSD-3-Clause
/// The image's name, and its services, in the local network, without a server. [RFC 6762, 6763]
#pragma once

#include <unicore/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::netstack::mdns {

/// A service that this image offers. [RFC 6763, 4 to 7]
struct Service {
    std::string_view type;  ///< for example "_http._tcp": a name of 1 to 15 letters, digits and hyphens, and the protocol
    std::uint16_t port;     ///< where it is, not 0
    /// What people call it, 1 to 63 bytes of UTF-8; the image's name without one. While another has the same it gets a number.
    std::string_view instance{};
    /// What is told of it, for example "path=/index.html": up to 255 bytes, with one more for each.
    std::span<const std::string_view> text{};
};

/// How many services there can be.
inline constexpr std::size_t most_services = 6;

/// Tells the network of a service, from soon on and as long as the image runs. What is given is copied.
/// Context: thread, without the stack's lock. Errors: invalid_argument for what cannot be; busy when there are most_services;
/// out_of_memory.
Result<void> announce(const Service& service) noexcept;

/// Writes the name that the first network knows this image by, without ".local"; returns what was written. It is that of
/// the setting net.name, or the image's, and with a number behind it when others had it before. Context: thread, without the
/// stack's lock.
std::string_view name(std::span<char, 63> into) noexcept;

}  // namespace unicore::netstack::mdns
