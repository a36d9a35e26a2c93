// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, XSH: socket, bind, listen, accept, connect, shutdown, send, recv, getsockname, getsockopt …]
#include "socket.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/posix/fd/calls.hpp>
#include <unicore/posix/fd/wait.hpp>

#include <algorithm>
#include <cstring>

#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

using namespace unicore;
using namespace unicore::posix;
using namespace unicore::posix::sockets;
using fd::answer;
using fd::at_point;
using fd::Description;
using fd::fail;
using fd::Reference;

namespace {

/// Errors: EBADF; ENOTSOCK.
Outcome<Reference> find(int descriptor) noexcept {
    auto found = fd::find(descriptor);
    if (found && (*found)->kind() != Description::Kind::socket) return std::unexpected(ENOTSOCK);
    return found;
}
Socket& socket_of(const Reference& reference) noexcept { return static_cast<Socket&>(*reference); }

/// Repeats what says EAGAIN, as often and as long as it may wait.
template <typename Attempt>
auto repeat(const Reference& reference, short event, int flags, Attempt attempt) noexcept {
    Socket& socket = socket_of(reference);
    const bool waits = (socket.flags() & O_NONBLOCK) == 0 && (flags & MSG_DONTWAIT) == 0;
    const time::Duration patience = socket.patience(event);
    const time::Instant deadline = patience == time::Duration::max() ? time::never : time::Monotonic::now() + patience;
    for (;;) {
        auto outcome = attempt();
        if (outcome || outcome.error() != EAGAIN || !waits) return outcome;
        fd::Watched watched[] = {{reference.copy(), event}};
        if (const auto waited = fd::wait(watched, deadline); !waited)
            return decltype(outcome)(std::unexpected(waited.error() == ETIMEDOUT ? EAGAIN : waited.error()));
    }
}

/// What a function does with the socket that a number means.
template <typename Function>
int with_socket(int descriptor, Function function) noexcept {
    const auto found = find(descriptor);
    if (!found) return fail(found.error());
    const Outcome<void> outcome = function(socket_of(*found));
    return outcome ? 0 : fail(outcome.error());
}

Outcome<int> accept_from(int descriptor, sockaddr* address, socklen_t* size, int flags) noexcept {
    if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) return std::unexpected(EINVAL);
    auto found = find(descriptor);
    if (!found) return std::unexpected(found.error());
    Endpoint from;
    auto accepted = repeat(*found, POLLIN, 0, [&] { return socket_of(*found).accept(from); });
    if (!accepted) return std::unexpected(accepted.error());
    (*accepted)->set_nonblocking((flags & SOCK_NONBLOCK) != 0);
    const auto number = fd::open(std::move(*accepted), (flags & SOCK_CLOEXEC) != 0);
    if (number) tell(from, address, size);
    return number;
}

Outcome<void> connect_to(int descriptor, const sockaddr* address, socklen_t size) noexcept {
    auto found = find(descriptor);
    if (!found) return std::unexpected(found.error());
    Socket& socket = socket_of(*found);
    if (address != nullptr && size >= sizeof(sa_family_t) && address->sa_family == AF_UNSPEC) return socket.disconnect();
    const auto other = endpoint_of(address, size, socket.family());
    if (!other) return std::unexpected(other.error());
    const auto begun = socket.connect(*other);
    if (begun || begun.error() != EINPROGRESS || (socket.flags() & O_NONBLOCK) != 0) return begun;
    fd::Watched watched[] = {{found->copy(), POLLOUT}};
    const time::Duration patience = socket.settings.send_patience;
    const time::Instant deadline = patience == time::Duration::max() ? time::never : time::Monotonic::now() + patience;
    if (const auto waited = fd::wait(watched, deadline); !waited)
        return std::unexpected(waited.error() == ETIMEDOUT ? EINPROGRESS : waited.error());
    if (const int error = socket.take_error(); error != 0) return std::unexpected(error);
    return {};
}

/// Errors: EMSGSIZE for buffers that cannot be.
Outcome<Buffers> buffers_of(const msghdr& message) noexcept {
    if (message.msg_iovlen < 0 || message.msg_iovlen > IOV_MAX) return std::unexpected(EMSGSIZE);
    std::size_t sum = 0;
    const std::span pieces(message.msg_iov, static_cast<std::size_t>(message.msg_iovlen));
    for (const iovec& piece : pieces)
        if (piece.iov_len > PTRDIFF_MAX || (sum += piece.iov_len) > PTRDIFF_MAX) return std::unexpected(EINVAL);
    return Buffers(pieces);
}

Outcome<std::size_t> send_message(int descriptor, const msghdr& message, int flags) noexcept {
    if ((flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE)) != 0) return std::unexpected(EOPNOTSUPP);
    const auto found = find(descriptor);
    if (!found) return std::unexpected(found.error());
    Socket& socket = socket_of(*found);
    auto from = buffers_of(message);
    if (!from) return std::unexpected(from.error());
    Endpoint to;
    if (message.msg_name != nullptr) {
        const auto told = endpoint_of(static_cast<const sockaddr*>(message.msg_name), message.msg_namelen, socket.family());
        if (!told) return std::unexpected(told.error());
        to = *told;
    }
    std::size_t sent = 0;
    do {
        const auto outcome = repeat(*found, POLLOUT, flags, [&] {
            return socket.send(*from, message.msg_name != nullptr ? &to : nullptr, (flags & MSG_MORE) != 0);
        });
        if (!outcome) {
            if (sent != 0) break;  // what was sent counts
            if (outcome.error() == EPIPE && socket.type() == SOCK_STREAM && (flags & MSG_NOSIGNAL) == 0) raise(SIGPIPE);
            return outcome;
        }
        sent += *outcome;
    } while (from->left() != 0 && (socket.flags() & O_NONBLOCK) == 0 && (flags & MSG_DONTWAIT) == 0);
    return sent;
}

Outcome<std::size_t> receive_message(int descriptor, msghdr& message, int flags) noexcept {
    if ((flags & ~(MSG_DONTWAIT | MSG_PEEK | MSG_WAITALL | MSG_TRUNC)) != 0) return std::unexpected(EOPNOTSUPP);
    const auto found = find(descriptor);
    if (!found) return std::unexpected(found.error());
    Socket& socket = socket_of(*found);
    auto into = buffers_of(message);
    if (!into) return std::unexpected(into.error());
    const bool peek = (flags & MSG_PEEK) != 0;
    const bool all = (flags & MSG_WAITALL) != 0 && socket.type() == SOCK_STREAM && !peek;
    std::size_t size = 0;
    do {
        const auto outcome = repeat(*found, POLLIN, flags, [&] { return socket.receive(*into, peek); });
        if (!outcome) {
            if (size != 0) break;  // what was received counts
            return std::unexpected(outcome.error());
        }
        size += outcome->size;
        message.msg_flags = outcome->truncated ? MSG_TRUNC : 0;
        message.msg_controllen = 0;
        if (socket.type() == SOCK_DGRAM) tell(outcome->from, static_cast<sockaddr*>(message.msg_name), &message.msg_namelen);
        else message.msg_namelen = 0;
        if (outcome->size == 0) break;
    } while (all && into->left() != 0);
    return size;
}

// Options.

Outcome<time::Duration> patience_of(const Option& option) noexcept {
    using namespace std::chrono;
    const timeval time = UNICORE_TRY(option.as<timeval>());
    if (time.tv_usec < 0 || time.tv_usec >= 1'000'000) return std::unexpected(EDOM);
    if (time.tv_sec < 0) return time::Duration::zero();
    if (time.tv_sec == 0 && time.tv_usec == 0) return time::Duration::max();
    if (time.tv_sec > 1'000'000'000) return time::Duration::max();
    return seconds(time.tv_sec) + microseconds(time.tv_usec);
}

timeval time_of(time::Duration patience) noexcept {
    using namespace std::chrono;
    if (patience == time::Duration::max()) return {};
    const auto whole = floor<seconds>(patience);
    return {static_cast<time_t>(whole.count()), static_cast<suseconds_t>(duration_cast<microseconds>(patience - whole).count())};
}

Outcome<void> set_option(Socket& socket, int name, const Option& option) noexcept {
    Settings& settings = socket.settings;
    switch (name) {
    case SO_REUSEADDR: settings.reuse_address = UNICORE_TRY(option.as<int>()) != 0; break;
    case SO_REUSEPORT: settings.reuse_port = UNICORE_TRY(option.as<int>()) != 0; break;
    case SO_BROADCAST: settings.broadcast = UNICORE_TRY(option.as<int>()) != 0; break;
    case SO_KEEPALIVE: settings.keep_alive = UNICORE_TRY(option.as<int>()) != 0; break;
    case SO_LINGER: settings.on_close = UNICORE_TRY(option.as<linger>()); break;
    case SO_RCVTIMEO: settings.receive_patience = UNICORE_TRY(patience_of(option)); break;
    case SO_SNDTIMEO: settings.send_patience = UNICORE_TRY(patience_of(option)); break;
    case SO_RCVBUF:
    case SO_SNDBUF: socket.set_buffer(name == SO_RCVBUF, UNICORE_TRY(option.as<int>())); break;
    default: return std::unexpected(ENOPROTOOPT);
    }
    socket.configure();
    return {};
}

/// Gives the value to the program: as much as it has room for.
template <typename T>
Outcome<void> give(const T& value, void* into, socklen_t* size) noexcept {
    if (into == nullptr || size == nullptr) return std::unexpected(EFAULT);
    *size = static_cast<socklen_t>(std::min<std::size_t>(*size, sizeof value));
    std::memcpy(into, &value, *size);
    return {};
}

int level_of(const Socket& socket) noexcept { return socket.family() == Address::Family::v4 ? IPPROTO_IP : IPPROTO_IPV6; }

Outcome<void> give_option(Socket& socket, int name, void* into, socklen_t* size) noexcept {
    const Settings& settings = socket.settings;
    switch (name) {
    case SO_REUSEADDR: return give(int{settings.reuse_address}, into, size);
    case SO_REUSEPORT: return give(int{settings.reuse_port}, into, size);
    case SO_BROADCAST: return give(int{settings.broadcast}, into, size);
    case SO_KEEPALIVE: return give(int{settings.keep_alive}, into, size);
    case SO_LINGER: return give(settings.on_close, into, size);
    case SO_RCVTIMEO: return give(time_of(settings.receive_patience), into, size);
    case SO_SNDTIMEO: return give(time_of(settings.send_patience), into, size);
    case SO_RCVBUF: return give(socket.buffer(true), into, size);
    case SO_SNDBUF: return give(socket.buffer(false), into, size);
    case SO_TYPE: return give(socket.type(), into, size);
    case SO_DOMAIN: return give(socket.family() == Address::Family::v4 ? AF_INET : AF_INET6, into, size);
    case SO_PROTOCOL: return give(socket.type() == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP, into, size);
    case SO_ERROR: return give(socket.take_error(), into, size);
    case SO_ACCEPTCONN: return give(int{socket.listens()}, into, size);
    default: return std::unexpected(ENOPROTOOPT);
    }
}

}  // namespace

extern "C" {

/// Errors: EAFNOSUPPORT; EPROTONOSUPPORT; EINVAL for other flags; EPROTOTYPE; EMFILE; ENOMEM.
int socket(int domain, int type, int protocol) {
    const int flags = type & (SOCK_NONBLOCK | SOCK_CLOEXEC);
    type &= ~flags;
    if (domain != AF_INET && domain != AF_INET6) return fail(EAFNOSUPPORT);
    const auto family = domain == AF_INET ? Address::Family::v4 : Address::Family::v6;
    const int own = type == SOCK_STREAM ? IPPROTO_TCP : type == SOCK_DGRAM ? IPPROTO_UDP : 0;
    if (own == 0) return fail(EPROTOTYPE);
    if (protocol != 0 && protocol != own) return fail(EPROTONOSUPPORT);
    auto made = type == SOCK_STREAM ? make_stream(family, flags & O_NONBLOCK) : make_datagram(family, flags & O_NONBLOCK);
    if (!made) return fail(made.error());
    return answer(fd::open(std::move(*made), (flags & SOCK_CLOEXEC) != 0));
}

int bind(int descriptor, const sockaddr* address, socklen_t size) {
    return with_socket(descriptor, [&](Socket& socket) -> Outcome<void> {
        const auto own = endpoint_of(address, size, socket.family());
        if (!own) return std::unexpected(own.error());
        return socket.bind(*own);
    });
}

int listen(int descriptor, int backlog) {
    return with_socket(descriptor, [&](Socket& socket) { return socket.listen(backlog < 0 ? 0 : static_cast<unsigned>(backlog)); });
}

int accept4(int descriptor, sockaddr* address, socklen_t* size, int flags) {
    return at_point([&] { return answer(accept_from(descriptor, address, size, flags)); });
}
int accept(int descriptor, sockaddr* address, socklen_t* size) { return accept4(descriptor, address, size, 0); }

int connect(int descriptor, const sockaddr* address, socklen_t size) {
    return at_point([&] {
        const auto outcome = connect_to(descriptor, address, size);
        return outcome ? 0 : fail(outcome.error());
    });
}

int shutdown(int descriptor, int how) {
    if (how < SHUT_RD || how > SHUT_RDWR) return fail(EINVAL);
    return with_socket(descriptor, [&](Socket& socket) { return socket.shut_down(how != SHUT_WR, how != SHUT_RD); });
}

ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
    return at_point([&] { return answer(send_message(descriptor, *message, flags)); });
}
ssize_t sendto(int descriptor, const void* bytes, size_t size, int flags, const sockaddr* to, socklen_t to_size) {
    iovec piece{const_cast<void*>(bytes), size};
    const msghdr message{const_cast<sockaddr*>(to), to_size, &piece, 1, nullptr, 0, 0};
    return sendmsg(descriptor, &message, flags);
}
ssize_t send(int descriptor, const void* bytes, size_t size, int flags) {
    return sendto(descriptor, bytes, size, flags, nullptr, 0);
}

ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
    return at_point([&] { return answer(receive_message(descriptor, *message, flags)); });
}
ssize_t recvfrom(int descriptor, void* bytes, size_t size, int flags, sockaddr* from, socklen_t* from_size) {
    iovec piece{bytes, size};
    msghdr message{from, from_size != nullptr ? *from_size : 0, &piece, 1, nullptr, 0, 0};
    const ssize_t received = recvmsg(descriptor, &message, flags);
    if (received >= 0 && from_size != nullptr) *from_size = message.msg_namelen;
    return received;
}
ssize_t recv(int descriptor, void* bytes, size_t size, int flags) {
    return recvfrom(descriptor, bytes, size, flags, nullptr, nullptr);
}

int getsockname(int descriptor, sockaddr* address, socklen_t* size) {
    return with_socket(descriptor, [&](Socket& socket) -> Outcome<void> {
        tell(socket.own(), address, size);
        return {};
    });
}

int getpeername(int descriptor, sockaddr* address, socklen_t* size) {
    return with_socket(descriptor, [&](Socket& socket) -> Outcome<void> {
        const auto other = socket.other();
        if (!other) return std::unexpected(other.error());
        tell(*other, address, size);
        return {};
    });
}

/// Errors: ENOPROTOOPT; EINVAL for a size that is too small; EDOM.
int setsockopt(int descriptor, int level, int name, const void* value, socklen_t size) {
    return with_socket(descriptor, [&](Socket& socket) -> Outcome<void> {
        const Option option{value, size};
        if (level == SOL_SOCKET) return set_option(socket, name, option);
        if (level == IPPROTO_TCP) return socket.set_tcp(name, UNICORE_TRY(option.as<int>()));
        // Version 6 alone is what such a socket has.
        if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && socket.family() == Address::Family::v6)
            return UNICORE_TRY(option.as<int>()) != 0 ? Outcome<void>() : std::unexpected(EINVAL);
        if (level == level_of(socket)) return socket.set_ip(name, option);
        return std::unexpected(ENOPROTOOPT);
    });
}

int getsockopt(int descriptor, int level, int name, void* value, socklen_t* size) {
    return with_socket(descriptor, [&](Socket& socket) -> Outcome<void> {
        if (level == SOL_SOCKET) return give_option(socket, name, value, size);
        if (level == IPPROTO_TCP) return give(UNICORE_TRY(socket.tcp(name)), value, size);
        if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && socket.family() == Address::Family::v6) return give(1, value, size);
        if (level == level_of(socket)) return give(UNICORE_TRY(socket.ip(name)), value, size);
        return std::unexpected(ENOPROTOOPT);
    });
}

}  // extern "C"
