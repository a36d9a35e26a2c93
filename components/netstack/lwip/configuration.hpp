// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "interface.hpp"

namespace unicore::netstack::lwip {

/// Gives an interface its addresses: those of the settings, or has it ask for them. Context: thread, with the lock.
void configure(Interface& interface) noexcept;

/// Notes changes of addresses, for the log and for who waits for one. Context: thread, with the lock.
void watch_addresses() noexcept;

}  // namespace unicore::netstack::lwip
