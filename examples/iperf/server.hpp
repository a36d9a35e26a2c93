// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datagrams.hpp"
#include "protocol.hpp"

#include <unicore/netstack/tcp.hpp>
#include <unicore/netstack/udp.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace iperf {

class Server;

/// A connection from a client: nobody's yet, one that controls a test, or one of its streams.
class Link final : public unicore::netstack::tcp::ConnectionUser {
public:
    Link() noexcept : connection_(*this) {}

    bool free() const noexcept { return server_ == nullptr; }
    unicore::netstack::tcp::Connection& begin(Server& server) noexcept {
        server_ = &server;
        role_ = Role::unknown;
        cookie_size_ = 0;
        return connection_;
    }
    /// Ends it, whatever it is.
    void end() noexcept {
        connection_.abort();
        server_ = nullptr;
    }

    /// Has what there is room for sent, of a stream that sends.
    void fill() noexcept;

    unicore::netstack::tcp::Connection& connection() noexcept { return connection_; }
    const Cookie& cookie() const noexcept { return cookie_; }

    enum class Role : std::uint8_t { unknown, control, stream };
    Role role_ = Role::unknown;
    bool sends_ = false;         ///< of a stream
    std::uint64_t counted_ = 0;  ///< its bytes

private:
    void connected(unicore::netstack::tcp::Connection&) noexcept override {}
    void received(unicore::netstack::tcp::Connection&) noexcept override;
    void sent(unicore::netstack::tcp::Connection&) noexcept override;
    void failed(unicore::netstack::tcp::Connection&, unicore::netstack::Failure) noexcept override;

    unicore::netstack::tcp::Connection connection_;
    Server* server_ = nullptr;  ///< null: it is free
    Cookie cookie_{};
    std::size_t cookie_size_ = 0;
};

/// A stream of a test over UDP.
struct Flow {
    unicore::netstack::Endpoint client;
    unicore::netstack::udp::Port* port;
    bool sends;
    bool counting = false;  ///< what comes counts: it is not to be omitted any more
    Arrivals arrivals{};
    Counted sent{};
    std::uint64_t number = 0;      ///< of the last that was sent
    unicore::time::Instant due{};  ///< of the next
};

/// Serves one test at a time, as iperf3 does. Context of everything: with the stack's lock, if nothing else is said.
class Server final : public unicore::netstack::tcp::AcceptorUser, public unicore::netstack::udp::PortUser {
public:
    Server() noexcept
        : acceptors_{unicore::netstack::tcp::Acceptor(*this), unicore::netstack::tcp::Acceptor(*this)},
          ports_{unicore::netstack::udp::Port(*this), unicore::netstack::udp::Port(*this)} {}

    /// Errors: those of Acceptor::listen and Port::bind.
    unicore::netstack::Outcome<void> listen() noexcept;

    /// Sends the datagrams of tests as they are due, for ever. Context: thread, without the lock.
    /// Errors: stopped when the image was asked to stop.
    unicore::Result<void> send_datagrams() noexcept;

    // What links tell.
    void identified(Link& link) noexcept;
    void control_received() noexcept;
    void gone(Link& link) noexcept;

    /// What was received or sent by a stream counts, if the test has begun to.
    bool counts() noexcept;

private:
    enum class Phase : std::uint8_t {
        idle,
        parameters,  ///< the client says what it wants
        streams,     ///< it connects them
        running,
        results,     ///< it says what it has counted
        done,        ///< it has ours, and says that it is done
    };

    unicore::netstack::tcp::Connection* accept(const unicore::netstack::Endpoint& from) noexcept override;
    void received(unicore::netstack::udp::Port& port) noexcept override;

    Flow* flow_of(const unicore::netstack::Endpoint& client) noexcept;
    void greet(unicore::netstack::udp::Port& port) noexcept;
    void arrived(unicore::netstack::udp::Port& port, std::uint64_t now) noexcept;
    unicore::time::Instant send_due() noexcept;
    void send(Flow& flow, unicore::time::Instant now) noexcept;
    Counted counted(unsigned stream) const noexcept;

    void take_parameters(std::string_view text) noexcept;
    void start() noexcept;
    void give_results() noexcept;
    void finish(std::string_view how) noexcept;
    void enter(Phase phase) noexcept;
    bool stuck() const noexcept;
    void tell(State state) noexcept;
    void refuse(std::uint32_t error, std::string_view why) noexcept;
    unsigned expected() const noexcept { return parameters_.parallel * (parameters_.bidirectional ? 2 : 1); }
    /// In both directions: those that send to us come first.
    bool sends(unsigned stream) const noexcept {
        return parameters_.bidirectional ? stream >= parameters_.parallel : parameters_.reverse;
    }
    bool take(std::span<std::byte> into) noexcept;

    std::array<unicore::netstack::tcp::Acceptor, 2> acceptors_;  ///< of both versions of IP
    std::array<unicore::netstack::udp::Port, 2> ports_;          ///< likewise
    std::array<Link, most_streams + 4> links_;
    Link* control_ = nullptr;
    std::array<Link*, most_streams> streams_{};  ///< of the test, in the order in which they came
    std::array<Flow, most_streams> flows_{};     ///< likewise, over UDP
    unsigned count_ = 0;
    bool sending_ = false;  ///< datagrams
    unicore::sched::WaitQueue sending_changes_;
    Phase phase_ = Phase::idle;
    Parameters parameters_;
    std::array<char, 4096> text_;  ///< what the client says of itself, or we of us
    std::uint32_t wanted_ = 0;     ///< bytes of it that are yet to come
    std::uint32_t got_ = 0;
    bool sized_ = false;           ///< its size has come
    unicore::time::Instant heard_;  ///< when the client did last what it was to do
    unicore::time::Instant counts_from_;
    bool counting_ = false;
};

}  // namespace iperf
