// SPDX-License-Identifier: BSD-3-Clause
/// Connections of TCP, without a copy of what is received and without waiting: what comes is told to who asked. Sockets are
/// made of these. [RFC 9293]
#pragma once

#include <unicore/netstack/endpoint.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net {
class Device;
}

namespace unicore::netstack::tcp {

class Connection;

/// Whom a connection belongs to. Its functions are called with the lock, by whoever runs the stack: they may call all
/// functions of the connection, and do not wait.
class ConnectionUser {
public:
    /// What `connect` asked for is there.
    virtual void connected(Connection& connection) noexcept = 0;
    /// There is something to read, or the end has come; of a connection that was shut down it is closed then.
    virtual void received(Connection& connection) noexcept = 0;
    /// The other end has got some of what was written: there is room again.
    virtual void sent(Connection& connection) noexcept = 0;
    /// It is over, and closed now; what was received can still be read.
    virtual void failed(Connection& connection, Failure why) noexcept = 0;

protected:
    ~ConnectionUser() = default;
};

/// One end of a connection, or none yet. It stays where it is, since the stack knows it; after its end it can be another one.
/// Context of all functions: thread, with the lock.
class Connection {
public:
    explicit constexpr Connection(ConnectionUser& user) noexcept : user_(user) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    /// What is open is aborted.
    ~Connection() { abort(); }

    /// Says where it comes from: an address of ours, or an unspecified one for any; port 0 for any. Once, before it
    /// connects. Errors: no_memory; invalid; address_in_use.
    Outcome<void> bind(const Endpoint& own) noexcept;
    /// Goes by this device alone, whatever leads where. Before it connects. Errors: no_memory; unreachable.
    Outcome<void> bind(const net::Device& device) noexcept;
    /// Begins to connect; `connected` or `failed` is told later. Errors: no_memory; invalid; address_in_use; unreachable.
    Outcome<void> connect(const Endpoint& other) noexcept;

    bool open() const noexcept { return control_ != nullptr; }
    /// What can be read now, the first piece of it; valid until it is consumed. Empty when there is nothing.
    std::span<const std::byte> readable() const noexcept;
    /// Bytes that can be read, in all pieces.
    std::size_t readable_size() const noexcept { return readable_size_; }
    /// So many bytes of that have been read; the other end may send as many more.
    void consume(std::size_t size) noexcept;
    /// Whether the other end sends no more; what it has sent may still be to be read.
    bool ended() const noexcept { return ended_; }

    /// Copies bytes that are to be sent, as many as there is room for, and returns how many. `more` says that others
    /// follow at once, so that these need not be pushed. Errors: invalid when it is not connected, or was shut down.
    Outcome<std::size_t> write(std::span<const std::byte> bytes, bool more = false) noexcept;
    /// For how many bytes there is room now.
    std::size_t room() const noexcept;
    /// How many bytes that were written may wait to be acknowledged, and that were received to be consumed.
    struct Limits {
        std::size_t send, receive;
    };
    static Limits limits() noexcept;
    /// Sends what was written, as far as the other end takes it: else it goes with the next acknowledgement or timer.
    void flush() noexcept;
    /// Sends the end, behind all that was written. Errors: no_memory; invalid.
    Outcome<void> shut_down() noexcept;
    /// Ends it in both directions, in order: the stack delivers what was written. Nothing can be read any more.
    void close() noexcept;
    /// Ends it at once, and tells the other end so.
    void abort() noexcept;

    /// Where it is; unspecified before. Context as above.
    Endpoint own() const noexcept;
    Endpoint other() const noexcept;

    /// Small pieces are sent at once, not with others (TCP_NODELAY).
    void set_no_delay(bool yes) noexcept;
    /// A connection on which nothing happens is looked after.
    struct KeepAlive {
        std::chrono::milliseconds after{2 * 60 * 60 * 1000};  ///< nothing came
        std::chrono::milliseconds every{75'000};              ///< until there is an answer
        unsigned times = 9;                                   ///< and then it is over
    };
    void set_keep_alive(const KeepAlive* how) noexcept;

    /// One that an Acceptor made was taken by who accepts: it does not count for the backlog any more.
    void accepted() noexcept;

private:
    friend struct Callbacks;

    void drop_received() noexcept;

    ConnectionUser& user_;
    void* control_ = nullptr;           ///< the stack's
    void* first_received_ = nullptr;    ///< likewise: buffers in the order in which they came
    void* last_received_ = nullptr;
    std::size_t readable_size_ = 0;
    std::size_t consumed_of_first_ = 0;
    bool ended_ = false;
    bool connecting_ = false;
    bool pending_ = false;  ///< counts for the backlog
};

/// Whom an acceptor belongs to. Context as ConnectionUser's.
class AcceptorUser {
public:
    /// Somebody has connected: returns the connection, a new one, that it shall be, or null to refuse it.
    virtual Connection* accept(const Endpoint& from) noexcept = 0;

protected:
    ~AcceptorUser() = default;
};

/// Who listens. Context of all functions: thread, with the lock.
class Acceptor {
public:
    explicit constexpr Acceptor(AcceptorUser& user) noexcept : user_(user) {}
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;
    ~Acceptor() { close(); }

    /// Listens at an endpoint: an unspecified address is any, of its version; port 0 is one that is free. `backlog` is how
    /// many may be connecting, or have not been taken by Connection::accepted; more are not answered, and try again.
    /// Errors: no_memory; invalid; address_in_use; unreachable when there is no such device.
    Outcome<void> listen(const Endpoint& own, unsigned backlog = 128, const net::Device* device = nullptr) noexcept;
    bool open() const noexcept { return control_ != nullptr; }
    Endpoint own() const noexcept;
    /// Connections that there are stay.
    void close() noexcept;

private:
    friend struct Callbacks;

    AcceptorUser& user_;
    void* control_ = nullptr;
};

}  // namespace unicore::netstack::tcp
