// SPDX-License-Identifier: BSD-3-Clause
/// The stack in a process, with a clock that the test sets, and two cables: to a network where its address is given, and to
/// one where it asks.
#pragma once

#include <unicore/net/loopback.hpp>
#include <unicore/time/clock.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace unicore::netstack::test {

using Bytes = std::vector<std::uint8_t>;

/// The other end of a cable: the test.
class Peer {
public:
    explicit Peer(net::loopback::Cable& cable) : cable_(cable) {}
    void open();

    /// Sends a frame; the stack gets it when somebody waits.
    void send(const Bytes& frame, std::size_t parts = 1);
    /// The next frame that the stack has sent, if any comes within `patience`.
    std::optional<Bytes> receive(time::Duration patience = std::chrono::milliseconds(100));
    /// The same, passing over what `wanted` does not want.
    template <typename Wanted>
    std::optional<Bytes> receive_such(Wanted wanted, time::Duration patience = std::chrono::seconds(5)) {
        for (auto deadline = time::Monotonic::now() + patience; time::Monotonic::now() < deadline;)
            if (auto frame = receive(deadline - time::Monotonic::now()); frame && wanted(*frame)) return frame;
        return std::nullopt;
    }
    /// Forgets what has come.
    void drain();
    /// Whether no packet is on its way, in either direction.
    bool quiet() const;

private:
    net::loopback::Cable& cable_;
};

/// The stack of this process; booted once.
struct World {
    static World& get();

    net::loopback::Cable given{"given", "peer-of-given"}, asking{"asking", "peer-of-asking"};
    net::loopback::Cable between{"left", "right"};  ///< both ends are the stack's: 10.1.0.1 and 10.2.0.1
    Peer near{given}, far{asking};

private:
    World();
};

/// Lets time pass, and the stack do what comes up.
void pass(time::Duration duration);

constexpr std::array<std::uint8_t, 6> our_mac{2, 0, 0, 0, 0, 2}, stack_mac{2, 0, 0, 0, 0, 1};
constexpr std::array<std::uint8_t, 4> stack_address{10, 0, 0, 1}, our_address{10, 0, 0, 2};

Bytes operator+(Bytes left, const Bytes& right);
template <std::size_t Size>
Bytes bytes(const std::array<std::uint8_t, Size>& array) {
    return Bytes(array.begin(), array.end());
}
Bytes word(unsigned value);
/// The word there; 0 behind the end.
unsigned word_at(const Bytes& frame, std::size_t at);
/// Up to `size` bytes from there on.
Bytes from(const Bytes& bytes, std::size_t at, std::size_t size = ~std::size_t{0});
/// Frames of that type.
inline auto of_type(unsigned type) {
    return [type](const Bytes& frame) { return word_at(frame, 12) == type; };
}
/// A frame's header.
Bytes ethernet(std::span<const std::uint8_t> to, unsigned type);
Bytes arp(unsigned operation, const Bytes& sender, const Bytes& target_mac, const Bytes& target);
/// Has the stack know where we are.
void introduce(Peer& peer);
/// An IPv4 packet from us to the stack.
Bytes ipv4(unsigned protocol, const Bytes& payload, unsigned fragment = 0, unsigned identification = 1);
/// `what` with the checksum of all of it, and of what is in front, at `place`.
Bytes with_checksum(Bytes what, std::size_t place, const Bytes& pseudo = {});
/// Whether a checksum over `what` is right.
bool sums(const Bytes& what);

}  // namespace unicore::netstack::test
