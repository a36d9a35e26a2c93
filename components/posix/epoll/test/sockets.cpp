// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace unicore::posix::epoll {
namespace {

sockaddr_in here(unsigned port) noexcept {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int made(int type, unsigned port) noexcept {
    const int descriptor = socket(AF_INET, type | SOCK_NONBLOCK, 0);
    const sockaddr_in address = here(port);
    return bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? descriptor : -1;
}
void connect_to(int descriptor, unsigned port) noexcept {
    const sockaddr_in address = here(port);
    connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

void streams(debug::Check& check, int set) noexcept {
    constexpr std::uint32_t all = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    const int listener = made(SOCK_STREAM, 5000), client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    check(listen(listener, 8) == 0 && add(set, listener, EPOLLIN | EPOLLET) && Told(set).nothing(), "who listens");
    connect_to(client, 5000);
    check(add(set, client, all), "who connects");
    bool accepts = false, connected = false;
    for (int turn = 0; turn != 4 && !(accepts && connected); ++turn) {
        const Told told(set, 5000);
        accepts |= told.of(listener) == EPOLLIN;
        connected |= told.of(client) == EPOLLOUT;
    }
    check(accepts && connected, "both are told");
    const int other = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect_to(other, 5000);
    check(Told(set, 5000).of(listener) == EPOLLIN, "and of the next one, though nobody has accepted the first");
    const int server = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK), second = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    check(server >= 0 && second >= 0 && add(set, server, all) && Told(set).of(server) == EPOLLOUT, "accepted");

    char bytes[8];
    check(write(client, "one", 3) == 3 && Told(set, 5000).only(server, EPOLLIN | EPOLLOUT), "something has come");
    check(write(client, "two", 3) == 3 && Told(set, 5000).only(server, EPOLLIN | EPOLLOUT), "and more, before the first was read");
    check(read(server, bytes, sizeof bytes) == 6 && Told(set, 20).nothing(), "what was read is not told");

    static char much[16'384];
    while (write(client, much, sizeof much) > 0) {}
    check(errno == EAGAIN && Told(set, 5000).of(server) == (EPOLLIN | EPOLLOUT), "no more room");
    std::size_t total = 0;
    bool room = false;
    for (int turn = 0; turn != 1000 && !room; ++turn) {
        for (ssize_t size; (size = read(server, much, sizeof much)) > 0;) total += static_cast<std::size_t>(size);
        room = (Told(set, 100).of(client) & EPOLLOUT) != 0;
    }
    check(room && total > sizeof much, "there is room again");
    while (Told(set, 50).count > 0)
        while (read(server, much, sizeof much) > 0) {}

    check(shutdown(client, SHUT_WR) == 0 && Told(set, 5000).only(server, EPOLLIN | EPOLLOUT | EPOLLRDHUP), "one direction ends");
    check(close(server) == 0 && (Told(set, 5000).of(client) & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) == (EPOLLIN | EPOLLRDHUP | EPOLLHUP),
          "and the other");
    check(close(client) == 0 && Told(set).nothing(), "closed ones are not told");

    const linger at_once{1, 0};
    check(add(set, second, EPOLLIN) && setsockopt(other, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0 && close(other) == 0 &&
              (Told(set, 5000).of(second) & (EPOLLERR | EPOLLHUP)) == (EPOLLERR | EPOLLHUP),
          "a reset");
    close(second), close(listener);
}

void datagrams(debug::Check& check, int set) noexcept {
    const int server = made(SOCK_DGRAM, 5001), client = socket(AF_INET, SOCK_DGRAM, 0);
    connect_to(client, 5001);
    char bytes[8];
    check(add(set, server, EPOLLIN | EPOLLET) && Told(set).nothing() && send(client, "a", 1, 0) == 1 && Told(set, 5000).only(server, EPOLLIN) &&
              Told(set).nothing() && send(client, "b", 1, 0) == 1 && Told(set, 5000).only(server, EPOLLIN),
          "datagrams, one by one");
    check(change(set, server, EPOLLIN) && recv(server, bytes, sizeof bytes, 0) == 1 && Told(set).only(server, EPOLLIN) &&
              recv(server, bytes, sizeof bytes, 0) == 1 && Told(set).nothing(),
          "as long as there are some");
    close(server), close(client);
}

}  // namespace

void sockets(debug::Check& check) noexcept {
    errno = 0;
    const int set = epoll_create1(0);
    streams(check, set);
    datagrams(check, set);
    close(set);
}

}  // namespace unicore::posix::epoll
