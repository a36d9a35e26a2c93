// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <ctime>

#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace unicore::posix::sockets {

void errors(debug::Check& check) noexcept {
    check(fails(EAFNOSUPPORT, [] { return socket(77, SOCK_STREAM, 0); }), "a family that is not there");
    check(fails(EPROTOTYPE, [] { return socket(AF_INET, 77, 0); }), "a type");
    check(fails(EPROTONOSUPPORT, [] { return socket(AF_INET, SOCK_STREAM, IPPROTO_UDP); }), "a protocol");
    check(fails(EBADF, [] { return listen(63, 1); }), "a number that is none");
    check(fails(ENOTSOCK, [] { return listen(1, 1); }), "one that is no socket");

    const int stream = socket(AF_INET, SOCK_STREAM, 0), datagram = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address = here(3000);
    check(fails(EINVAL, [&] { return bind(stream, reinterpret_cast<sockaddr*>(&address), 7); }), "an address that is too short");
    address.sin_family = AF_INET6;
    check(fails(EAFNOSUPPORT, [&] { return bind_to(stream, address); }), "of another family");
    check(bind_to(stream, here(3000)) == 0 && fails(EINVAL, [&] { return bind_to(stream, here(3001)); }), "a second bind");
    check(listen(stream, 1) == 0 && fails(EOPNOTSUPP, [&] { return connect_to(stream, here(3000)); }), "who listens does not connect");
    const int other = socket(AF_INET, SOCK_STREAM, 0);
    check(bind_to(other, here(3000)) == -1 || fails(EADDRINUSE, [&] { return listen(other, 1); }), "a port that somebody has");
    check(fails(EOPNOTSUPP, [&] { return listen(datagram, 1); }), "datagrams do not listen");
    check(fails(EOPNOTSUPP, [&] { return accept(datagram, nullptr, nullptr); }), "nor accept");
    check(fails(ESPIPE, [&] { return static_cast<int>(lseek(stream, 0, SEEK_SET)); }), "there are no places in a socket");
    struct stat status{};
    check(fstat(stream, &status) == 0 && S_ISSOCK(status.st_mode), "fstat");

    const int refused = socket(AF_INET, SOCK_STREAM, 0);
    check(fails(ECONNREFUSED, [&] { return connect_to(refused, here(3999)); }), "nobody listens there");
    close(refused);
    const int late = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int error = 0;
    socklen_t size = sizeof error;
    check(fails(EINPROGRESS, [&] { return connect_to(late, here(3999)); }) && (polled(late, POLLOUT, 5000) & POLLERR) != 0, "told later");
    check(getsockopt(late, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == ECONNREFUSED, "by SO_ERROR");
    check(getsockopt(late, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0 && (polled(late, POLLOUT) & POLLERR) == 0, "once");
    close(late);

    const timeval soon{0, 20'000};
    timespec before{}, after{};
    char byte;
    check(setsockopt(stream, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0 &&
              setsockopt(datagram, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0 && bind_to(datagram, here(3000)) == 0, "patience");
    clock_gettime(CLOCK_MONOTONIC, &before);
    check(fails(EAGAIN, [&] { return accept(stream, nullptr, nullptr); }) && fails(EAGAIN, [&] { return static_cast<int>(recv(datagram, &byte, 1, 0)); }) &&
              fails(EAGAIN, [&] { return static_cast<int>(read(datagram, &byte, 1)); }),
          "ends");
    clock_gettime(CLOCK_MONOTONIC, &after);
    check((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1'000'000 >= 59, "not before");
    close(stream), close(datagram), close(other);
}

void options(debug::Check& check) noexcept {
    const int stream = socket(AF_INET, SOCK_STREAM, 0), datagram = socket(AF_INET, SOCK_DGRAM, 0);
    const auto value = [](int descriptor, int level, int name) {
        int result = -1;
        socklen_t size = sizeof result;
        return getsockopt(descriptor, level, name, &result, &size) == 0 && size == sizeof result ? result : -1;
    };
    const auto set = [](int descriptor, int level, int name, int to) { return setsockopt(descriptor, level, name, &to, sizeof to); };
    check(value(stream, SOL_SOCKET, SO_TYPE) == SOCK_STREAM && value(datagram, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM, "SO_TYPE");
    check(value(stream, SOL_SOCKET, SO_DOMAIN) == AF_INET && value(datagram, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_UDP, "SO_DOMAIN, SO_PROTOCOL");
    for (const int name : {SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST})
        check(value(stream, SOL_SOCKET, name) == 0 && set(stream, SOL_SOCKET, name, 1) == 0 && value(stream, SOL_SOCKET, name) == 1, "a switch");
    check(set(stream, IPPROTO_TCP, TCP_NODELAY, 1) == 0 && value(stream, IPPROTO_TCP, TCP_NODELAY) == 1, "TCP_NODELAY");
    check(value(stream, IPPROTO_TCP, TCP_KEEPIDLE) == 7200 && set(stream, IPPROTO_TCP, TCP_KEEPIDLE, 60) == 0 &&
              value(stream, IPPROTO_TCP, TCP_KEEPIDLE) == 60, "TCP_KEEPIDLE");
    check(fails(EINVAL, [&] { return set(stream, IPPROTO_TCP, TCP_KEEPCNT, 0); }), "a value that cannot be");
    check(value(stream, SOL_SOCKET, SO_RCVBUF) > 0 && value(stream, SOL_SOCKET, SO_SNDBUF) > 0, "sizes of buffers");
    check(set(datagram, SOL_SOCKET, SO_RCVBUF, 10'000) == 0 && value(datagram, SOL_SOCKET, SO_RCVBUF) == 10'000, "that of datagrams is set");
    check(value(stream, SOL_SOCKET, SO_ACCEPTCONN) == 0 && bind_to(stream, here(4000)) == 0 && listen(stream, 1) == 0 &&
              value(stream, SOL_SOCKET, SO_ACCEPTCONN) == 1, "SO_ACCEPTCONN");
    check(fails(ENOPROTOOPT, [&] { return set(stream, SOL_SOCKET, 9999, 1); }) && fails(ENOPROTOOPT, [&] { return set(stream, 9999, 1, 1); }), "none");
    char small = 1;
    check(fails(EINVAL, [&] { return setsockopt(stream, SOL_SOCKET, SO_KEEPALIVE, &small, 1); }), "a value that is too small");
    timeval time{};
    socklen_t size = sizeof time;
    const timeval wanted{2, 500'000};
    check(setsockopt(stream, SOL_SOCKET, SO_SNDTIMEO, &wanted, sizeof wanted) == 0 &&
              getsockopt(stream, SOL_SOCKET, SO_SNDTIMEO, &time, &size) == 0 && time.tv_sec == 2 && time.tv_usec == 500'000, "SO_SNDTIMEO");

    // Without leave a broadcast is refused.
    sockaddr_in all = here(4000);
    all.sin_addr.s_addr = inet_addr("10.1.2.255");
    const auto broadcast = [&] {
        return static_cast<int>(sendto(datagram, "x", 1, 0, reinterpret_cast<sockaddr*>(&all), sizeof all));
    };
    check(fails(EACCES, broadcast), "a broadcast");
    check(set(datagram, SOL_SOCKET, SO_BROADCAST, 1) == 0 && broadcast() == 1, "with leave");
    close(stream), close(datagram);
}

}  // namespace unicore::posix::sockets
