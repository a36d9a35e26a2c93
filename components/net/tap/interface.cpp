// SPDX-License-Identifier: BSD-3-Clause
#include "interface.hpp"

#include <unicore/net/virtio/header.hpp>

#include <array>
#include <cstring>
#include <utility>

namespace unicore::net::tap {

namespace linux = platform::linux;
using linux::IoVector;
using virtio::Header;

static_assert(sizeof(Header) == Window::room_in_front);

namespace {

/// The header for a packet that can be sent: it, or its segments, have `longest` bytes at most.
Result<Header> check(const Packet& packet, std::size_t size, std::size_t longest, std::size_t most_parts) noexcept {
    if (size < ethernet_header_size || packet.parts() > most_parts) return unexpected(Error::invalid_argument);
    const Header header = UNICORE_TRY(virtio::header_for(packet));
    const bool whole = header.gso_type == Header::none;
    const std::size_t segment = whole ? size : std::size_t{header.hdr_len} + header.gso_size;
    if (segment > longest || size > longest_frame) return unexpected(Error::invalid_argument);
    return header;
}

}  // namespace

Interface::Interface(unsigned number, linux::Descriptor descriptor, Properties properties) noexcept
    : Port(number, std::move(descriptor), properties) {}

std::size_t Interface::send(unsigned, std::span<Packet> burst) noexcept {
    if (!usable()) return 0;
    std::array<IoVector, 1 + most_parts> vectors;
    std::size_t taken = 0;
    for (Packet& packet : burst) {
        const std::size_t size = packet.size();
        Result<Header> header = check(packet, size, ethernet_header_size + properties().mtu, most_parts);
        if (!header) {
            not_sent(packet);
        } else {
            vectors[0] = {&*header, sizeof *header};
            const std::size_t count = 1 + describe(packet, &vectors[1]);
            const long result = transfer(linux::Call::writev, std::span(vectors).first(count));
            if (linux::is(result, linux::ErrorNumber::again)) {
                no_room_ = true;
                break;
            }
            if (linux::failed(result)) not_sent(packet);  // such as: the interface is down
            else sent(packet, size);
        }
        ++taken;
    }
    return taken;
}

std::size_t Interface::receive(unsigned, std::span<Packet> into) noexcept {
    std::size_t count = 0, bytes = 0;
    for (unsigned reads = 0; reads != most_reads && usable(); ++reads) {
        if (count == into.size() || bytes >= longest_burst) break;
        const long result = transfer(linux::Call::readv, window_.vectors());
        if (linux::is(result, linux::ErrorNumber::again)) break;
        if (linux::failed(result)) {
            lose("its interface is gone", result);
            break;
        }
        const auto read = static_cast<std::size_t>(result);
        const std::size_t size = read < sizeof(Header) ? 0 : read - sizeof(Header);
        Header header;
        std::memcpy(&header, window_.front(), sizeof header);
        Packet packet = received(size, virtio::offload_of(header, size));
        if (!packet) continue;
        into[count++] = std::move(packet);
        bytes += size;
    }
    return count;
}

}  // namespace unicore::net::tap
