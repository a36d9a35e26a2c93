// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/netstack/endpoint.hpp>
#include <unicore/posix/fd.hpp>
#include <unicore/time/clock.hpp>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include <sys/socket.h>

namespace unicore::posix::sockets {

using fd::Buffers;
using fd::Outcome;
using netstack::Address;
using netstack::Endpoint;

/// The errno of what went wrong in the stack.
int error_of(netstack::Failure failure) noexcept;
template <typename T>
Outcome<T> outcome_of(const netstack::Outcome<T>& outcome) noexcept {
    if (!outcome) return std::unexpected(error_of(outcome.error()));
    if constexpr (std::is_void_v<T>) return {};
    else return *outcome;
}

/// What a program says of an address. Errors: EINVAL for one that is too short; EAFNOSUPPORT for another family.
Outcome<Endpoint> endpoint_of(const sockaddr* address, socklen_t size, Address::Family family) noexcept;
/// Tells a program an address: as much as it has room for, and how much it is.
void tell(const Endpoint& endpoint, sockaddr* address, socklen_t* size) noexcept;

/// What a program says to set an option.
struct Option {
    const void* value;
    socklen_t size;

    /// Errors: EINVAL for one that is too short.
    template <typename T>
    Outcome<T> as() const noexcept {
        T result;
        if (value == nullptr || size < sizeof result) return std::unexpected(EINVAL);
        std::memcpy(&result, value, sizeof result);
        return result;
    }
};

/// What a socket has of SOL_SOCKET, of either kind.
struct Settings {
    bool reuse_address = false, reuse_port = false, broadcast = false, keep_alive = false;
    linger on_close{};
    time::Duration receive_patience = time::Duration::max(), send_patience = time::Duration::max();
};

/// A description that is a socket. Context of all: thread. None of them waits, as in Description; what one of them does
/// not know is EOPNOTSUPP.
class Socket : public fd::Description {
public:
    Address::Family family() const noexcept { return family_; }
    int type() const noexcept { return type_; }

    virtual Outcome<void> bind(const Endpoint& own) noexcept = 0;
    /// Errors: EINPROGRESS when it takes time.
    virtual Outcome<void> connect(const Endpoint& other) noexcept = 0;
    virtual Outcome<void> disconnect() noexcept { return std::unexpected(EOPNOTSUPP); }
    virtual Outcome<void> listen(unsigned) noexcept { return std::unexpected(EOPNOTSUPP); }
    /// Errors: EAGAIN.
    virtual Outcome<fd::Reference> accept(Endpoint&) noexcept { return std::unexpected(EOPNOTSUPP); }
    virtual Outcome<void> shut_down(bool reading, bool writing) noexcept = 0;

    struct Received {
        std::size_t size;
        Endpoint from{};
        bool truncated = false;
    };
    /// Errors: EAGAIN; ENOTCONN.
    virtual Outcome<Received> receive(Buffers& into, bool peek) noexcept = 0;
    /// Errors: EAGAIN; EPIPE; ENOTCONN; EDESTADDRREQ; EMSGSIZE.
    virtual Outcome<std::size_t> send(Buffers& from, const Endpoint* to, bool more) noexcept = 0;

    virtual Endpoint own() noexcept = 0;
    /// Errors: ENOTCONN.
    virtual Outcome<Endpoint> other() noexcept = 0;

    /// What went wrong since it was asked for; 0 for nothing. It is forgotten then.
    virtual int take_error() noexcept { return 0; }
    virtual bool listens() noexcept { return false; }
    /// Options of IPPROTO_TCP. Errors: ENOPROTOOPT.
    virtual Outcome<void> set_tcp(int, int) noexcept { return std::unexpected(ENOPROTOOPT); }
    virtual Outcome<int> tcp(int) noexcept { return std::unexpected(ENOPROTOOPT); }
    /// Options of IPPROTO_IP for version 4, IPPROTO_IPV6 for 6. Errors: ENOPROTOOPT; EINVAL.
    virtual Outcome<void> set_ip(int, const Option&) noexcept { return std::unexpected(ENOPROTOOPT); }
    virtual Outcome<int> ip(int) noexcept { return std::unexpected(ENOPROTOOPT); }
    /// Settings were changed.
    virtual void configure() noexcept = 0;
    virtual int buffer(bool receiving) noexcept = 0;
    virtual void set_buffer(bool, int) noexcept {}

    Settings settings;
    time::Duration patience(short event) noexcept final;
    void describe(struct stat& out) noexcept final;

protected:
    Socket(Address::Family family, int type, int flags) noexcept
        : Description(O_RDWR | flags, Kind::socket), family_(family), type_(type) {}
    ~Socket() = default;

private:
    const Address::Family family_;
    const int type_;
};

/// New ones. Errors: ENOMEM.
Outcome<fd::Reference> make_stream(Address::Family family, int flags) noexcept;
Outcome<fd::Reference> make_datagram(Address::Family family, int flags) noexcept;

}  // namespace unicore::posix::sockets
