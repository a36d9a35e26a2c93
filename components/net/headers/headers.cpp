// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/headers.hpp>

#include <unicore/net/address.hpp>
#include <unicore/net/checksum.hpp>

#include <algorithm>
#include <cstring>

namespace unicore::net {
namespace {

constexpr unsigned tcp = 6, udp = 17;  // protocols and next headers [IANA]
constexpr std::size_t longest = 512;   // headers that are further from the start are not looked for

/// The bytes of a frame, which ends somewhere: reading behind that is 0, and noticed.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) noexcept : bytes_(bytes.first(std::min(bytes.size(), longest))) {}

    unsigned byte(std::size_t at) noexcept {
        if (at < bytes_.size()) return std::to_integer<unsigned>(bytes_[at]);
        cut_ = true;
        return 0;
    }
    unsigned word(std::size_t at) noexcept { return byte(at) << 8 | byte(at + 1); }
    bool holds(std::size_t size) const noexcept { return !cut_ && size <= bytes_.size(); }

private:
    std::span<const std::byte> bytes_;
    bool cut_ = false;
};

/// The protocol behind a header of IPv4 at `at`, which moves on; nothing that is known, for fragments. [RFC 791, 3.1]
unsigned behind_four(Reader& frame, std::size_t& at) noexcept {
    constexpr unsigned more_fragments = 0x2000, fragment_offset = 0x1fff;
    const unsigned first = frame.byte(at), size = (first & 15) * 4;
    if (first >> 4 != 4 || size < 20 || (frame.word(at + 6) & (more_fragments | fragment_offset)) != 0) return 0;
    const unsigned protocol = frame.byte(at + 9);
    at += size;
    return protocol;
}

/// The same for IPv6 and its extension headers. [RFC 8200, 3, 4; RFC 4302, 2]
unsigned behind_six(Reader& frame, std::size_t& at) noexcept {
    constexpr unsigned hop_by_hop = 0, routing = 43, authentication = 51, destination = 60;
    if (frame.byte(at) >> 4 != 6) return 0;
    unsigned next = frame.byte(at + 6);
    at += 40;
    while (next == hop_by_hop || next == routing || next == destination || next == authentication) {
        const unsigned length = frame.byte(at + 1);
        const std::size_t size = next == authentication ? (length + 2) * 4 : (length + 1) * 8;
        next = frame.byte(at);
        at += size;
        if (!frame.holds(at)) return hop_by_hop;
    }
    return next;
}

}  // namespace

Result<Headers> find_headers(std::span<const std::byte> bytes, Tags tags) noexcept {
    constexpr unsigned ipv4 = 0x0800, ipv6 = 0x86dd, tagged = 0x8100;
    Reader frame(bytes);
    std::size_t at = ethernet_header_size;
    unsigned type = frame.word(at - 2);
    if (type == tagged && tags == Tags::one) {
        type = frame.word(at + 2);
        at += 4;
    }
    if (type != ipv4 && type != ipv6) return unexpected(Error::unsupported);
    const std::size_t network = at;
    const unsigned protocol = type == ipv4 ? behind_four(frame, at) : behind_six(frame, at);
    if (protocol != tcp && protocol != udp) return unexpected(Error::unsupported);
    const std::size_t size = protocol == tcp ? (frame.byte(at + 12) >> 4) * 4 : 8;
    if (size < (protocol == tcp ? 20 : 8) || !frame.holds(at + size)) return unexpected(Error::unsupported);
    return Headers{.tcp = protocol == tcp,
                   .six = type == ipv6,
                   .network = static_cast<std::uint16_t>(network),
                   .transport = static_cast<std::uint16_t>(at),
                   .payload = static_cast<std::uint16_t>(at + size)};
}

void begin_checksum(std::span<std::byte> frame, const Headers& headers, std::size_t size) noexcept {
    Checksum pseudo;  // [RFC 9293, 3.1; RFC 8200, 8.1]
    const std::size_t addresses = headers.six ? 8 : 12;
    pseudo.add(frame.subspan(headers.network + addresses, headers.six ? 32 : 8));
    const std::size_t length = size - headers.transport;
    pseudo.add_word(static_cast<std::uint16_t>(length >> 16));
    pseudo.add_word(static_cast<std::uint16_t>(length));
    pseudo.add_word(headers.tcp ? tcp : udp);
    const std::uint16_t sum = pseudo.sum();
    std::memcpy(frame.data() + headers.transport + headers.checksum_offset(), &sum, sizeof sum);
}

std::uint16_t checksum_from(const Packet& packet, std::size_t start) noexcept {
    Checksum sum;
    for (const Buffer* part = &packet.first(); part != nullptr; part = part->next) {
        const std::size_t skipped = std::min<std::size_t>(start, part->size);
        sum.add(std::span<const std::byte>(part->bytes()).subspan(skipped));
        start -= skipped;
    }
    const std::uint16_t result = sum.result();
    return result != 0 ? result : 0xffff;
}

}  // namespace unicore::net
