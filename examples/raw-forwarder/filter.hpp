// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>

/// Whether a packet that `from` has received goes on to the other device. It may change the packet.
bool pass(unicore::net::Packet& packet, const unicore::net::Device& from) noexcept;
