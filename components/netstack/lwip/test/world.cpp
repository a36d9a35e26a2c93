// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/entropy/csprng.hpp>
#include <unicore/net/checksum.hpp>
#include <unicore/power.hpp>
#include <unicore/power/alert.hpp>
#include <unicore/sched.hpp>

#include <algorithm>
#include <random>
#include <stdexcept>

namespace unicore {
namespace {

time::Instant clock_now{std::chrono::seconds(100)};
unsigned readings = 0;

}  // namespace

/// It goes on by itself only for who does nothing but look.
time::Instant time::Monotonic::now() noexcept {
    if (++readings % 1000 == 0) clock_now += std::chrono::microseconds(1);
    return clock_now;
}
void time::clock::idle_until(Instant deadline) noexcept {
    if (deadline != never) clock_now = std::max(clock_now, deadline);
}
void time::clock::interrupt_at(Instant) noexcept {}

void power::request_stop() noexcept {}
bool power::stop_requested() noexcept { return false; }

std::uint64_t entropy::csprng::next() noexcept {
    static std::mt19937_64 random(20261127);
    return random();
}

namespace netstack::lwip {
Result<void> start() noexcept;
Result<void> set_addresses(std::string_view) noexcept;
Result<void> set_gateways(std::string_view) noexcept;
}  // namespace netstack::lwip

namespace netstack::test {
namespace {

struct Deaf final : net::Listener {
    void ready(unsigned) noexcept override {}
    void link_changed() noexcept override {}
} deaf;

net::Pool pool;

void must(bool holds, const char* what) {
    if (!holds) throw std::runtime_error(what);
}

}  // namespace

void pass(time::Duration duration) { must(sched::sleep_for(duration).has_value(), "a sleep"); }

void Peer::open() {
    must(cable_.open(512).has_value(), "memory for a cable");
    must(cable_.right().open(deaf).has_value(), "an end that opens");
}

void Peer::send(const Bytes& frame, std::size_t parts) {
    net::Packet packet;
    for (std::size_t part = 0; part != parts; ++part) {
        const std::size_t from = frame.size() * part / parts, to = frame.size() * (part + 1) / parts;
        net::Packet piece = *pool.take();
        net::Buffer& buffer = piece.first();
        buffer.size = static_cast<std::uint32_t>(to - from);
        std::transform(frame.begin() + static_cast<std::ptrdiff_t>(from), frame.begin() + static_cast<std::ptrdiff_t>(to),
                       buffer.data, [](std::uint8_t byte) { return std::byte{byte}; });
        packet.append(std::move(piece));
    }
    must(cable_.right().send(0, std::span(&packet, 1)) == 1, "a frame that is sent");
}

std::optional<Bytes> Peer::receive(time::Duration patience) {
    std::array<net::Packet, 1> packet;
    for (const auto deadline = time::Monotonic::now() + patience; cable_.right().receive(0, packet) == 0;) {
        if (time::Monotonic::now() >= deadline) return std::nullopt;
        pass(std::chrono::milliseconds(1));
    }
    Bytes frame(packet[0].size());
    packet[0].copy_to(std::as_writable_bytes(std::span(frame)));
    return frame;
}

void Peer::drain() {
    while (receive()) {}
}

bool Peer::quiet() const {
    const auto out = cable_.to_right().statistics(), in = cable_.to_left().statistics();
    return out.free == out.count && in.free == in.count && pool.statistics().free == pool.statistics().count;
}

World& World::get() {
    static auto* const world = new World;  // never destroyed: the stack stays
    return *world;
}

World::World() {
    must(pool.open(64).has_value(), "memory");
    near.open();
    far.open();
    net::add(given.left());
    net::add(asking.left());
    must(between.open(1024).has_value(), "memory for a cable");
    net::add(between.left());
    net::add(between.right());
    must(lwip::set_addresses("given=10.0.0.1/24,given=fd00::1/64,left=10.1.0.1/24,right=10.2.0.1/24").has_value(), "addresses");
    must(lwip::set_gateways("given=10.0.0.2,left=10.2.0.1,right=10.1.0.1").has_value(), "a gateway");
    must(lwip::start().has_value(), "a stack");
}

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes word(unsigned value) { return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)}; }

unsigned word_at(const Bytes& frame, std::size_t at) { return frame.size() < at + 2 ? 0 : frame[at] << 8 | frame[at + 1]; }

Bytes from(const Bytes& bytes, std::size_t at, std::size_t size) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at, bytes.size()));
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(std::min<std::size_t>(size, static_cast<std::size_t>(bytes.end() - begin))));
}

Bytes arp(unsigned operation, const Bytes& sender, const Bytes& target_mac, const Bytes& target) {
    return word(1) + word(0x0800) + Bytes{6, 4} + word(operation) + bytes(our_mac) + sender + target_mac + target;
}

void introduce(Peer& peer) {
    peer.send(ethernet(net::broadcast.bytes, 0x0806) + arp(1, bytes(our_address), Bytes(6, 0), bytes(stack_address)));
    must(peer.receive_such(of_type(0x0806)).has_value(), "an answer to who asks for the stack");
}

Bytes ethernet(std::span<const std::uint8_t> to, unsigned type) {
    return Bytes(to.begin(), to.end()) + bytes(our_mac) + word(type);
}

Bytes with_checksum(Bytes what, std::size_t place, const Bytes& pseudo) {
    net::Checksum checksum;
    checksum.add(std::as_bytes(std::span(pseudo)));
    checksum.add(std::as_bytes(std::span(what)));
    const auto result = std::bit_cast<std::array<std::uint8_t, 2>>(checksum.result());
    std::ranges::copy(result, what.begin() + static_cast<std::ptrdiff_t>(place));
    return what;
}

Bytes ipv4(unsigned protocol, const Bytes& payload, unsigned fragment, unsigned identification) {
    const Bytes header = Bytes{0x45, 0} + word(static_cast<unsigned>(20 + payload.size())) + word(identification) + word(fragment) +
                         Bytes{64, static_cast<std::uint8_t>(protocol)} + word(0) + bytes(our_address) + bytes(stack_address);
    return with_checksum(header, 10) + payload;
}

bool sums(const Bytes& what) {
    net::Checksum checksum;
    checksum.add(std::as_bytes(std::span(what)));
    return checksum.sum() == 0xffff;
}

}  // namespace netstack::test
}  // namespace unicore
