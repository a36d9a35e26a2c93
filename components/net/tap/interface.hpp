// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "port.hpp"

namespace unicore::net::tap {

/// A TAP interface of the host's, with a virtio header in front of each frame. [Linux, networking/tuntap.rst]
class Interface final : public Port {
public:
    Interface(unsigned number, platform::linux::Descriptor descriptor, Properties properties) noexcept;

    std::size_t send(unsigned queue, std::span<Packet> burst) noexcept override;
    std::size_t receive(unsigned queue, std::span<Packet> into) noexcept override;
    void reclaim(unsigned) noexcept override {}  // the host copies what is sent
};

}  // namespace unicore::net::tap
