// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "responder.hpp"

#include <span>

namespace unicore::netstack::mdns {

/// One for each device that the stack has, from the boot step on.
std::span<Responder* const> responders() noexcept;

}  // namespace unicore::netstack::mdns
