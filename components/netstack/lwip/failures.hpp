// SPDX-License-Identifier: BSD-3-Clause
/// What TCP and UDP have in common.
#pragma once

#include <unicore/net/device.hpp>
#include <unicore/netstack/endpoint.hpp>

#include <lwip/err.h>
#include <lwip/netif.h>

namespace unicore::netstack::lwip {

Failure failure_of(err_t error) noexcept;

inline Outcome<void> outcome_of(err_t error) noexcept {
    if (error != ERR_OK) return std::unexpected(failure_of(error));
    return {};
}

/// The interface of a device, or null.
struct netif* netif_of(const net::Device& device) noexcept;
/// That of a device, or, for null, the first that there is; or null.
struct netif* netif_for(const net::Device* device) noexcept;

}  // namespace unicore::netstack::lwip
