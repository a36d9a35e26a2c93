// SPDX-License-Identifier: BSD-3-Clause
/// Frames that are nearly right: of every protocol that the stack speaks, from a peer that it knows, within connections
/// that there are; then damaged, and most of them with checksums that are right all the same.
#pragma once

#include "world.hpp"

#include <map>
#include <random>

namespace unicore::netstack::test {

class Frames {
public:
    explicit Frames(unsigned seed) : random_(seed) {}

    /// The next one.
    Bytes next();
    /// Learns from what the stack has sent where its connections are.
    void learn(const Bytes& frame);
    void forget() { connections_.clear(); }
    std::size_t connections() const { return connections_.size(); }

    unsigned below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }

    static constexpr unsigned open_tcp = 80, open_udp = 7000;

private:
    struct Place {
        std::uint32_t sequence, acknowledged;  ///< what we send next, and what we have of theirs
    };

    Bytes some(std::size_t most);
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }
    bool one_in(unsigned chance) { return below(chance) == 0; }

    Bytes arp();
    Bytes icmp4();
    Bytes igmp();
    Bytes udp(bool six);
    Bytes name_answer();
    Bytes tcp(bool six);
    Bytes tcp_options();
    Bytes icmp6();
    Bytes neighbour_options();
    Bytes in_ipv4();
    Bytes in_ipv6();
    void damage(Bytes& frame);
    void repair(Bytes& frame);

    std::mt19937 random_;
    std::map<unsigned, Place> connections_;  ///< by our port
};

}  // namespace unicore::netstack::test
