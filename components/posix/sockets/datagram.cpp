// SPDX-License-Identifier: BSD-3-Clause
// Sockets of UDP. [POSIX.1-2017, 2.10]
#include "groups.hpp"

#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/udp.hpp>
#include <unicore/posix/fd/calls.hpp>

#include <algorithm>
#include <utility>

#include <poll.h>

namespace unicore::posix::sockets {
namespace {

using netstack::Lock;
using netstack::udp::Port;

class Datagrams final : public Socket, netstack::udp::PortUser {
public:
    Datagrams(Address::Family family, int flags) noexcept : Socket(family, SOCK_DGRAM, flags) {}

    Outcome<std::size_t> read(Buffers& into) noexcept override {
        const auto received = receive(into, false);
        if (!received) return std::unexpected(received.error());
        return received->size;
    }
    Outcome<std::size_t> write(Buffers& from) noexcept override { return send(from, nullptr, false); }
    /// There is always room: what cannot be sent is lost.
    short state() noexcept override {
        const int receiving = readable_ || stopped_reading_ ? POLLIN | POLLRDNORM : 0;
        return static_cast<short>(receiving | POLLOUT | POLLWRNORM);
    }
    Outcome<int> unread() noexcept override {
        const Lock lock;
        return port_.readable() ? static_cast<int>(port_.size()) : 0;
    }

    Outcome<void> bind(const Endpoint& own) noexcept override {
        const Lock lock;
        const bool shared = settings.reuse_address || settings.reuse_port;
        return outcome_of(port_.bind(own, shared));
    }
    Outcome<void> connect(const Endpoint& other) noexcept override {
        const Lock lock;
        return outcome_of(port_.connect(other));
    }
    Outcome<void> disconnect() noexcept override {
        const Lock lock;
        port_.disconnect();
        return {};
    }
    Outcome<void> shut_down(bool reading, bool writing) noexcept override {
        const Lock lock;
        if (port_.other().port == 0) return std::unexpected(ENOTCONN);
        stopped_reading_ |= reading;
        stopped_writing_ |= writing;
        changed();
        return {};
    }
    Outcome<Received> receive(Buffers& into, bool peek) noexcept override;
    Outcome<std::size_t> send(Buffers& from, const Endpoint* to, bool more) noexcept override;

    Endpoint own() noexcept override {
        const Lock lock;
        return port_.open() ? port_.own() : Endpoint{{family(), {}}, 0};
    }
    Outcome<Endpoint> other() noexcept override {
        const Lock lock;
        const Endpoint other = port_.other();
        if (other.port == 0) return std::unexpected(ENOTCONN);
        return other;
    }
    void configure() noexcept override {
        const Lock lock;
        port_.set_broadcast(settings.broadcast);
    }
    Outcome<void> set_ip(int name, const Option& option) noexcept override {
        return set_group_option(port_, family(), name, option);
    }
    Outcome<int> ip(int name) noexcept override { return group_option(port_, family(), name); }
    int buffer(bool receiving) noexcept override { return receiving ? limit_ : static_cast<int>(Port::most); }
    void set_buffer(bool receiving, int size) noexcept override {
        if (!receiving) return;
        const Lock lock;
        limit_ = std::max(size, 2048);
        port_.set_limit(static_cast<std::size_t>(limit_));
    }

private:
    void received(Port&) noexcept override {
        readable_ = true;
        changed();
    }
    void destroy() noexcept override {
        {
            const Lock lock;
            port_.close();
        }
        fd::unmake(*this);
    }

    Port port_{*this};
    int limit_ = 65'536;
    bool readable_ = false;
    bool stopped_reading_ = false, stopped_writing_ = false;
};

Outcome<Socket::Received> Datagrams::receive(Buffers& into, bool peek) noexcept {
    const Lock lock;
    if (!port_.readable()) {
        if (stopped_reading_) return Received{0};
        return std::unexpected(EAGAIN);
    }
    Received received{0, port_.from(), port_.size() > into.left()};
    while (into.left() != 0) {
        const std::size_t count = port_.copy_to(into.piece(), received.size);
        if (count == 0) break;
        into.skip(count);
        received.size += count;
    }
    if (!peek) port_.drop();
    readable_ = port_.readable();
    return received;
}

Outcome<std::size_t> Datagrams::send(Buffers& from, const Endpoint* to, bool) noexcept {
    if (stopped_writing_) return std::unexpected(EPIPE);
    const std::size_t size = from.left();
    if (size > Port::most) return std::unexpected(EMSGSIZE);
    // In one piece, as most are; others are put together first.
    std::span<const std::byte> bytes = from.piece();
    void* together = nullptr;
    if (bytes.size() != size) {
        const auto block = memory::heap::allocate(size);
        if (!block) return std::unexpected(ENOBUFS);
        together = *block;
        const std::span<std::byte> room(static_cast<std::byte*>(together), size);
        from.take(room);
        bytes = room;
    } else {
        from.skip(size);
    }
    netstack::Outcome<void> outcome;
    bool addressed = true;
    {
        const Lock lock;
        addressed = to != nullptr || port_.other().port != 0;
        if (to != nullptr) outcome = port_.send(bytes, *to);
        else if (addressed) outcome = port_.send(bytes);
    }
    memory::heap::release(together);
    if (!addressed) return std::unexpected(EDESTADDRREQ);
    if (!outcome) {
        // The stack says so of a broadcast that nobody has asked for.
        const bool forbidden = outcome.error() == netstack::Failure::invalid && !settings.broadcast;
        return std::unexpected(forbidden ? EACCES : error_of(outcome.error()));
    }
    return size;
}

}  // namespace

Outcome<fd::Reference> make_datagram(Address::Family family, int flags) noexcept {
    return fd::make<Datagrams>(family, flags);
}

}  // namespace unicore::posix::sockets
