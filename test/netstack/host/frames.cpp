// SPDX-License-Identifier: BSD-3-Clause
#include "frames.hpp"

#include <unicore/net/checksum.hpp>

#include <algorithm>
#include <array>
#include <bit>

namespace unicore::netstack::test {
namespace {

constexpr std::size_t ethernet_size = 14, longest = 1514;
constexpr std::array<std::uint8_t, 16> stack_address6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
constexpr std::array<std::uint8_t, 16> our_address6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
constexpr std::array<std::uint8_t, 16> our_link_address{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, 2};
constexpr std::array<std::uint8_t, 16> all_nodes{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

enum : std::uint8_t { syn = 2, rst = 4, ack = 16, fin = 1 };

Bytes long_word(std::uint32_t value) { return word(value >> 16) + word(value & 0xffff); }
std::uint32_t long_at(const Bytes& bytes, std::size_t at) { return word_at(bytes, at) << 16 | word_at(bytes, at + 2); }

void put(Bytes& bytes, std::size_t at, std::uint16_t as_in_memory) {
    const auto two = std::bit_cast<std::array<std::uint8_t, 2>>(as_in_memory);
    if (bytes.size() >= at + 2) std::ranges::copy(two, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::span<const std::byte> part(const Bytes& bytes, std::size_t from, std::size_t size) {
    const std::size_t begin = std::min(from, bytes.size());
    return std::as_bytes(std::span(bytes)).subspan(begin, std::min(size, bytes.size() - begin));
}

}  // namespace

Bytes Frames::some(std::size_t most) {
    Bytes bytes(below(static_cast<unsigned>(most) + 1));
    for (auto& one : bytes) one = byte();
    return bytes;
}

Bytes Frames::arp() {
    const Bytes sender = one_in(4) ? Bytes{10, 0, 0, byte()} : bytes(our_address);
    return word(1) + word(0x0800) + Bytes{6, 4} + word(1 + below(2)) + (one_in(4) ? Bytes{2, 0, 0, 0, 0, byte()} : bytes(our_mac)) +
           sender + Bytes(6, 0) + (one_in(4) ? sender : bytes(stack_address));
}

Bytes Frames::icmp4() {
    if (one_in(2)) return Bytes{8, 0, 0, 0} + word(below(8)) + word(below(8)) + some(600);
    // Of a packet of the stack's own.
    const bool by_tcp = one_in(2);
    const Bytes original = Bytes{0x45, 0} + word(40 + below(100)) + word(1) + word(0) + Bytes{64, static_cast<std::uint8_t>(by_tcp ? 6 : 17)} +
                           word(0) + bytes(stack_address) + bytes(our_address) + word(by_tcp ? open_tcp : open_udp) + word(2000 + below(32)) +
                           some(20);
    constexpr std::uint8_t kinds[] = {3, 4, 5, 11, 12, 13, 17};
    return Bytes{kinds[below(std::size(kinds))], static_cast<std::uint8_t>(below(6)), 0, 0} + long_word(below(2000)) + original;
}

Bytes Frames::igmp() {
    return Bytes{static_cast<std::uint8_t>(0x11 + below(8)), byte(), 0, 0, 224, 0, 0, static_cast<std::uint8_t>(below(3))} + some(12);
}

/// What a name server would say, with pointers that may go anywhere.
Bytes Frames::name_answer() {
    Bytes message = word(below(4)) + word(0x8180 | below(16)) + word(below(3)) + word(below(4)) + word(below(3)) + word(below(3));
    for (unsigned records = below(6); records != 0; --records) {
        message = message + (one_in(2) ? Bytes{0xc0, byte()} : Bytes{static_cast<std::uint8_t>(below(70))} + some(20) + Bytes{0});
        message = message + word(one_in(2) ? 1 : 28) + word(1) + long_word(below(100)) + word(one_in(2) ? 4 : below(20)) + some(16);
    }
    return message;
}

Bytes Frames::udp(bool six) {
    unsigned from = 1000 + below(4), to = open_udp;
    Bytes payload = some(800);
    switch (below(6)) {
    case 0: to = below(65536); break;
    case 1: from = 53, to = 49152 + below(16384), payload = name_answer(); break;
    case 2: from = six ? 547 : 67, to = six ? 546 : 68; break;
    default: break;
    }
    return word(from) + word(to) + word(static_cast<unsigned>(8 + payload.size())) + word(0) + payload;
}

Bytes Frames::tcp_options() {
    Bytes options;
    for (unsigned count = below(5); count != 0; --count) {
        switch (below(8)) {
        case 0: options = options + Bytes{2, 4} + word(below(3000)); break;
        case 1: options = options + Bytes{3, 3, static_cast<std::uint8_t>(below(20))}; break;
        case 2: options = options + Bytes{4, 2}; break;
        case 3: options = options + Bytes{5, static_cast<std::uint8_t>(2 + 8 * below(4))} + some(24); break;
        case 4: options = options + Bytes{8, 10} + some(8); break;
        case 5: options = options + Bytes{1, 1}; break;
        case 6: options = options + Bytes{byte(), static_cast<std::uint8_t>(below(4))} + some(6); break;
        default: options = options + Bytes{0}; break;
        }
    }
    options.resize(std::min<std::size_t>((options.size() + 3) / 4 * 4, 40), 1);
    return options;
}

/// In the window, at its edges and beyond, of a connection that there is, or for a new one.
Bytes Frames::tcp(bool six) {
    const unsigned port = (six ? 3000 : 2000) + below(32);
    const auto known = connections_.find(port);
    std::uint8_t flags = syn;
    std::uint32_t sequence = static_cast<std::uint32_t>(random_()), acknowledged = 0;
    Bytes payload;
    if (known != connections_.end() && !one_in(16)) {
        constexpr std::uint32_t offsets[] = {0, 0, 0, 0, 1, 100, 1460, 2920, 65535, 262143, 262144, 262145, 1U << 31, 0U - 1, 0U - 1460};
        sequence = known->second.sequence + offsets[below(std::size(offsets))];
        acknowledged = known->second.acknowledged + (one_in(4) ? offsets[below(std::size(offsets))] : 0);
        flags = ack;
        if (one_in(8)) flags = static_cast<std::uint8_t>(flags | fin);
        if (one_in(40)) flags = rst;
        if (one_in(20)) flags = static_cast<std::uint8_t>(below(64));
        if (!one_in(3)) payload = some(one_in(2) ? 1200 : 10);
        if (sequence == known->second.sequence) known->second.sequence += static_cast<std::uint32_t>(payload.size());
    }
    const Bytes options = tcp_options();
    const unsigned header = static_cast<unsigned>(5 + options.size() / 4);
    return word(port) + word(one_in(20) ? below(65536) : open_tcp) + long_word(sequence) + long_word(acknowledged) +
           word(header << 12 | flags) + word(one_in(4) ? below(3) : below(65536)) + word(0) + word(below(4)) + options + payload;
}

Bytes Frames::neighbour_options() {
    Bytes options;
    for (unsigned count = below(4); count != 0; --count) {
        switch (below(6)) {
        case 0: options = options + Bytes{1, 1} + bytes(our_mac); break;
        case 1: options = options + Bytes{2, 1} + bytes(our_mac); break;
        case 2: options = options + Bytes{3, 4, 64, 0xc0} + long_word(below(8000)) + long_word(below(8000)) + Bytes(4, 0) + Bytes{0xfd, 0, 0, byte()} + Bytes(12, 0); break;
        case 3: options = options + Bytes{5, 1, 0, 0} + long_word(below(3000)); break;
        case 4: options = options + Bytes{25, static_cast<std::uint8_t>(below(6)), 0, 0} + long_word(below(100)) + some(40); break;
        default: options = options + Bytes{byte(), static_cast<std::uint8_t>(below(5))} + some(30); break;
        }
    }
    return options;
}

Bytes Frames::icmp6() {
    const Bytes target = one_in(3) ? bytes(our_address6) : bytes(stack_address6);
    switch (below(8)) {
    case 0: return Bytes{128, 0, 0, 0} + word(below(8)) + word(below(8)) + some(600);
    case 1: return Bytes{135, 0, 0, 0} + Bytes(4, 0) + target + neighbour_options();
    case 2: return Bytes{136, 0, 0, 0} + Bytes{byte(), 0, 0, 0} + bytes(our_address6) + neighbour_options();
    case 3: return Bytes{134, 0, 0, 0} + Bytes{64, byte()} + word(below(2000)) + long_word(below(90'000)) + long_word(below(5000)) + neighbour_options();
    case 4: return Bytes{137, 0, 0, 0} + Bytes(4, 0) + bytes(our_address6) + bytes(our_address6) + neighbour_options();
    case 5: return Bytes{static_cast<std::uint8_t>(130 + below(3)), 0, 0, 0} + word(below(20)) + word(0) + Bytes(16, 0) + some(20);
    case 6: return Bytes{static_cast<std::uint8_t>(1 + below(4)), byte(), 0, 0} + long_word(below(2000)) + some(80);
    default: return Bytes{byte(), byte(), 0, 0} + some(100);
    }
}

Bytes Frames::in_ipv4() {
    constexpr std::uint8_t protocols[] = {1, 2, 17, 17, 6, 6, 6};
    std::uint8_t protocol = protocols[below(std::size(protocols))];
    Bytes payload = protocol == 1 ? icmp4() : protocol == 2 ? igmp() : protocol == 17 ? udp(false) : tcp(false);
    unsigned fragment = 0;
    if (one_in(6)) fragment = below(64) | (one_in(3) ? 0 : 0x2000);  // of one another's places, and over them
    if (one_in(60)) protocol = byte();
    Bytes options;
    if (one_in(10)) options = some(40), options.resize(options.size() / 4 * 4);
    const auto first = static_cast<std::uint8_t>(0x45 + options.size() / 4);
    const unsigned size = static_cast<unsigned>(20 + options.size() + payload.size());
    return Bytes{first, 0} + word(size) + word(below(fragment != 0 ? 4 : 65536)) + word(fragment) +
           Bytes{static_cast<std::uint8_t>(one_in(30) ? below(2) : 64), protocol} + word(0) +
           (one_in(30) ? some(4) + Bytes(4, 1) : bytes(our_address) + bytes(stack_address)) + options + payload;
}

Bytes Frames::in_ipv6() {
    constexpr std::uint8_t protocols[] = {58, 58, 58, 17, 6, 6};
    std::uint8_t protocol = protocols[below(std::size(protocols))];
    Bytes payload = protocol == 58 ? icmp6() : protocol == 17 ? udp(true) : tcp(true);
    const bool to_all = one_in(8), from_link = one_in(3);
    for (unsigned extensions = one_in(3) ? below(4) : 0; extensions != 0; --extensions) {
        constexpr std::uint8_t kinds[] = {0, 43, 44, 60};
        const std::uint8_t kind = kinds[below(std::size(kinds))];
        const Bytes rest = kind == 44 ? word(below(32) << 3 | below(2)) + long_word(below(4))
                                      : Bytes{static_cast<std::uint8_t>(below(8)), static_cast<std::uint8_t>(below(5)), byte(), 0, 0, 0};
        payload = Bytes{protocol, static_cast<std::uint8_t>(one_in(4) ? below(4) : 0)} + rest + payload;
        protocol = kind;
    }
    return Bytes{0x60, 0, 0, 0} + word(static_cast<unsigned>(payload.size())) + Bytes{protocol, static_cast<std::uint8_t>(one_in(8) ? byte() : 255)} +
           (from_link ? bytes(our_link_address) : bytes(our_address6)) + (to_all ? bytes(all_nodes) : bytes(stack_address6)) + payload;
}

/// Bits, words and lengths that are others.
void Frames::damage(Bytes& frame) {
    switch (below(8)) {
    case 0: frame.resize(ethernet_size + below(static_cast<unsigned>(frame.size() - ethernet_size + 1))); break;
    case 1: frame.resize(std::min<std::size_t>(longest, frame.size() + below(600)), byte()); break;
    case 2:
        for (unsigned flips = 1 + below(5); flips != 0; --flips) frame[below(static_cast<unsigned>(frame.size()))] ^= static_cast<std::uint8_t>(1U << below(8));
        break;
    case 3: {
        constexpr std::uint8_t extremes[] = {0, 1, 4, 0x7f, 0x80, 0xff};
        const std::size_t at = ethernet_size + below(60);
        if (at < frame.size()) frame[at] = extremes[below(std::size(extremes))];
        break;
    }
    default: break;
    }
}

/// Checksums that are right for what is there now.
void Frames::repair(Bytes& frame) {
    const bool six = word_at(frame, 12) == 0x86dd;
    if (!six && word_at(frame, 12) != 0x0800) return;
    std::size_t at = ethernet_size + 40;
    net::Checksum sum;
    unsigned protocol = 0;
    if (six) {
        if (frame.size() < at) return;
        protocol = frame[ethernet_size + 6];
        sum.add(part(frame, ethernet_size + 8, 32));
    } else {
        if (frame.size() < ethernet_size + 20) return;
        at = ethernet_size + (frame[ethernet_size] & 15U) * 4;
        protocol = frame[ethernet_size + 9];
        put(frame, ethernet_size + 10, 0);
        net::Checksum header;
        header.add(part(frame, ethernet_size, at - ethernet_size));
        put(frame, ethernet_size + 10, header.result());
        sum.add(part(frame, ethernet_size + 12, 8));
    }
    const std::size_t end = std::min(frame.size(), six ? at + word_at(frame, ethernet_size + 4) : ethernet_size + word_at(frame, ethernet_size + 2));
    if (at >= end) return;
    const std::size_t place = at + (protocol == 6 ? 16 : protocol == 17 ? 6 : 2);
    if (protocol == 1 || protocol == 2) sum = {};
    put(frame, place, 0);
    if (protocol != 1 && protocol != 2) sum.add_word(static_cast<std::uint16_t>(protocol)), sum.add_word(static_cast<std::uint16_t>(end - at));
    sum.add(part(frame, at, end - at));
    if (place + 2 <= end) put(frame, place, sum.result());
}

Bytes Frames::next() {
    Bytes frame;
    switch (below(16)) {
    case 0: frame = ethernet(one_in(2) ? std::span<const std::uint8_t>(net::broadcast.bytes) : stack_mac, 0x0806) + arp(); break;
    case 1: frame = ethernet(stack_mac, below(65536)) + some(100); break;
    case 2: case 3: case 4: case 5: case 6: frame = ethernet(stack_mac, 0x86dd) + in_ipv6(); break;
    default: frame = ethernet(stack_mac, 0x0800) + in_ipv4(); break;
    }
    frame.resize(std::min(frame.size(), longest));
    if (one_in(2)) damage(frame);
    if (!one_in(8)) repair(frame);
    return frame;
}

void Frames::learn(const Bytes& frame) {
    const bool six = word_at(frame, 12) == 0x86dd;
    if (!six && word_at(frame, 12) != 0x0800) return;
    const std::size_t at = six ? ethernet_size + 40 : ethernet_size + 20;
    if (frame.size() < at + 20 || frame[six ? ethernet_size + 6 : ethernet_size + 9] != 6 || word_at(frame, at) != open_tcp) return;
    const unsigned port = word_at(frame, at + 2), flags = frame[at + 13];
    if ((flags & rst) != 0) {
        connections_.erase(port);
        return;
    }
    const std::size_t end = six ? at + word_at(frame, ethernet_size + 4) : ethernet_size + word_at(frame, ethernet_size + 2);
    const std::size_t payload = end - std::min<std::size_t>(end, at + (frame[at + 12] >> 4) * 4U);
    const auto after = static_cast<std::uint32_t>(long_at(frame, at + 4) + payload + ((flags & (syn | fin)) != 0 ? 1 : 0));
    connections_[port] = {long_at(frame, at + 8), after};
}

}  // namespace unicore::netstack::test
