// SPDX-License-Identifier: BSD-3-Clause
#include "failures.hpp"

#include "stack.hpp"

namespace unicore::netstack {

Failure lwip::failure_of(err_t error) noexcept {
    switch (error) {
    case ERR_MEM:
    case ERR_BUF: return Failure::no_memory;
    case ERR_RTE:
    case ERR_IF: return Failure::unreachable;
    case ERR_USE: return Failure::address_in_use;
    case ERR_TIMEOUT:
    case ERR_ABRT: return Failure::timed_out;
    case ERR_RST:
    case ERR_CLSD: return Failure::reset;
    default: return Failure::invalid;
    }
}

struct netif* lwip::netif_of(const net::Device& device) noexcept {
    for (Interface* const interface : stack().interfaces())
        if (&interface->device() == &device) return &interface->netif();
    return nullptr;
}

struct netif* lwip::netif_for(const net::Device* device) noexcept {
    if (device != nullptr) return netif_of(*device);
    const auto interfaces = stack().interfaces();
    return interfaces.empty() ? nullptr : &interfaces.front()->netif();
}

}  // namespace unicore::netstack
