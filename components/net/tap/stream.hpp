// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "port.hpp"

#include <unicore/net/tap/config.hpp>

#include <array>
#include <cstddef>
#include <optional>

namespace unicore::net::tap {

/// The socket of passt, or of QEMU's netdev `stream`: frames one after another, each behind its length, four bytes with
/// the first the highest. [passt(1); QEMU, -netdev stream]
class Stream final : public Port {
public:
    Stream(unsigned number, platform::linux::Descriptor descriptor, const MacAddress& address) noexcept;

    std::size_t send(unsigned queue, std::span<Packet> burst) noexcept override;
    std::size_t receive(unsigned queue, std::span<Packet> into) noexcept override;
    void reclaim(unsigned) noexcept override { finish(); }  // what is sent is written, or in the rest

private:
    using Length = std::array<std::byte, 4>;

    static bool sendable(const Packet& packet, std::size_t size) noexcept;
    /// Writes the rest of a packet. Returns whether there is none any more.
    bool finish() noexcept;
    /// Keeps what was not written of a packet, since its end has to come before the next packet.
    void keep(const Length& length, const Packet& packet, std::size_t written) noexcept;
    /// What a read that moved nothing says. Returns whether it moved something.
    bool moved(long result) noexcept;
    /// Reads on until there is a whole frame, and says how long that is; nothing, when there is none yet.
    std::optional<std::size_t> next_frame() noexcept;

    Length length_;               ///< of the frame that comes
    std::size_t length_read_ = 0;  ///< bytes of it
    std::size_t read_ = 0;         ///< bytes of the frame

    std::array<std::byte, sizeof(Length) + ethernet_header_size + config::mtu> rest_;
    std::size_t rest_begin_ = 0, rest_end_ = 0;
};

}  // namespace unicore::net::tap
