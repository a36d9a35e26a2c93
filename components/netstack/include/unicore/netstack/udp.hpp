// SPDX-License-Identifier: BSD-3-Clause
/// Datagrams of UDP, without a copy of what is received and without waiting. [RFC 768]
#pragma once

#include <unicore/netstack/endpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net {
class Device;
}

namespace unicore::netstack::udp {

class Port;

/// Whom a port belongs to. Called with the lock, by whoever runs the stack: it may call the port's functions, and does not
/// wait.
class PortUser {
public:
    /// A datagram has come, behind those that there are.
    virtual void received(Port& port) noexcept = 0;

protected:
    ~PortUser() = default;
};

/// Where datagrams come from and go to. It stays where it is, since the stack knows it. Context of all functions: thread,
/// with the lock.
class Port {
public:
    /// The most bytes in a datagram. [RFC 768; RFC 791, 3.1]
    static constexpr std::size_t most = 65'507;

    explicit constexpr Port(PortUser& user) noexcept : user_(user) {}
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    ~Port() { close(); }

    /// Opens it at an endpoint: an unspecified address is any of ours, of its version; port 0 is one that is free. Who does
    /// not bind is bound when it sends. `shared`: others who share may have the same, and all get what comes to groups. A group
    /// is an endpoint, too, of version 6 on the device that `set_to_groups` has named before, or the first.
    /// Errors: no_memory; invalid; address_in_use.
    Outcome<void> bind(const Endpoint& own, bool shared = false) noexcept;
    /// Goes by this device alone. Errors: no_memory; unreachable.
    Outcome<void> bind(const net::Device& device) noexcept;
    /// Sends to there, and receives from there alone. Errors: no_memory; invalid; address_in_use; unreachable.
    Outcome<void> connect(const Endpoint& other) noexcept;
    void disconnect() noexcept;
    bool open() const noexcept { return control_ != nullptr; }
    void close() noexcept;

    /// Sends a datagram, to whom it is connected. It may be lost, here as well.
    /// Errors: invalid for more than `most` bytes, or when it is not connected; no_memory; unreachable.
    Outcome<void> send(std::span<const std::byte> bytes) noexcept;
    /// To somebody. Errors: the same.
    Outcome<void> send(std::span<const std::byte> bytes, const Endpoint& to) noexcept;

    /// Whether one can be read.
    bool readable() const noexcept { return first_ != nullptr; }
    /// Of the one that came first of those that there are: there is one.
    std::size_t size() const noexcept;
    Endpoint from() const noexcept;
    /// Copies bytes of it; returns how many, not more than there is room for.
    std::size_t copy_to(std::span<std::byte> into, std::size_t offset = 0) const noexcept;
    /// It has been read.
    void drop() noexcept;

    /// How many bytes may wait to be read; more are lost. 65,536, if nobody says so.
    void set_limit(std::size_t bytes) noexcept { limit_ = bytes; }
    std::uint64_t lost() const noexcept { return lost_; }
    /// Whether it may send to all. [RFC 919]
    void set_broadcast(bool yes) noexcept;

    /// Takes part in a group, which IGMP or MLD tell the network: what is sent to it comes to all ports here of the number
    /// that it is sent to, if they share it. On the first device, if none is named. The port leaves when it is closed.
    /// Errors: invalid for what is no group, or all on the link; address_in_use when it takes part already; no_memory;
    /// unreachable when the stack has no such device.
    Outcome<void> join(const Address& group, const net::Device* device = nullptr) noexcept;
    /// Errors: invalid when it takes no part.
    Outcome<void> leave(const Address& group, const net::Device* device = nullptr) noexcept;
    /// How what is sent to groups goes. `hops`: so many networks far, 1 for this one alone; `comes_back`: who takes part here
    /// gets it, too.
    struct ToGroups {
        const net::Device* device = nullptr;  ///< else where the route leads; of version 6 the first
        std::uint8_t hops = 1;
        bool comes_back = true;
    };
    /// Errors: unreachable when the stack has no such device.
    Outcome<void> set_to_groups(const ToGroups& how) noexcept;
    const ToGroups& to_groups() const noexcept { return to_groups_; }

    Endpoint own() const noexcept;
    /// Unspecified when it is not connected.
    Endpoint other() const noexcept;

private:
    friend struct Callbacks;

    PortUser& user_;
    void* control_ = nullptr;  ///< the stack's
    void* first_ = nullptr;    ///< likewise: datagrams in the order in which they came
    void* last_ = nullptr;
    void* groups_ = nullptr;   ///< likewise: those that it takes part in
    ToGroups to_groups_;
    std::size_t waiting_ = 0;  ///< bytes of these
    std::size_t limit_ = 65'536;
    std::uint64_t lost_ = 0;
    bool connected_ = false;
};

}  // namespace unicore::netstack::udp
