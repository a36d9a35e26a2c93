// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, accept, connect, listen, recv, send, shutdown]
#include "suites.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace unicore::posix::sockets {

/// One thread is both ends: what it begins without waiting goes on while it waits for the other end.
Pair connected_to(int listener, unsigned port) noexcept {
    Pair pair;
    pair.client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connect_to(pair.client, here(port)) == 0 || errno != EINPROGRESS) return pair;
    pair.server = accept(listener, nullptr, nullptr);
    polled(pair.client, POLLOUT, 5000);
    fcntl(pair.client, F_SETFL, 0);
    return pair;
}

namespace {

void begins(debug::Check& check) noexcept {
    const int listener = listening(1000, SOCK_NONBLOCK);
    check(listener >= 0, "one that listens");
    check(polled(listener, POLLIN) == 0, "nobody has connected");
    check(fails(EAGAIN, [&] { return accept(listener, nullptr, nullptr); }), "accept need not wait");
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    check(fails(ENOTCONN, [&] { return static_cast<int>(send(client, "x", 1, 0)); }), "one that is not connected sends nothing");
    check(polled(client, POLLIN | POLLOUT) == (POLLOUT | POLLHUP), "and is hung up");
    check(fails(EINPROGRESS, [&] { return connect_to(client, here(1000)); }), "connect begins");
    check(connect_to(client, here(1000)) == -1 && (errno == EALREADY || errno == EISCONN), "once");
    check(polled(listener, POLLIN, 5000) == POLLIN, "who listens sees it");
    sockaddr_in from{}, own{}, other{};
    socklen_t size = sizeof from;
    const int server = accept(listener, reinterpret_cast<sockaddr*>(&from), &size);
    check(server >= 0 && size == sizeof from && from.sin_family == AF_INET, "accept says who");
    check(polled(client, POLLOUT, 5000) == POLLOUT, "it is connected");
    check(fails(EISCONN, [&] { return connect_to(client, here(1000)); }), "and not again");
    check(getsockname(client, reinterpret_cast<sockaddr*>(&own), &size) == 0 && own.sin_port == from.sin_port, "getsockname");
    check(getpeername(client, reinterpret_cast<sockaddr*>(&other), &size) == 0 && ntohs(other.sin_port) == 1000, "getpeername");
    check(getpeername(server, reinterpret_cast<sockaddr*>(&other), &size) == 0 && other.sin_port == from.sin_port, "of the other end");
    check(polled(server, POLLIN) == 0, "there is nothing to read");
    check(close(client) == 0 && polled(server, POLLIN, 5000) == POLLIN, "an end can be read");
    char byte;
    check(read(server, &byte, 1) == 0, "as nothing");
    check(close(server) == 0 && close(listener) == 0, "all are closed");
}

void bytes(debug::Check& check, const Pair& pair) noexcept {
    char text[32];
    check(write(pair.client, "hello", 5) == 5 && read(pair.server, text, sizeof text) == 5 && std::memcmp(text, "hello", 5) == 0,
          "write and read");
    check(send(pair.server, "answer", 6, 0) == 6 && polled(pair.client, POLLIN, 5000) == POLLIN, "send");
    int count = 0;
    check(ioctl(pair.client, FIONREAD, &count) == 0 && count == 6, "FIONREAD");
    check(recv(pair.client, text, 3, MSG_PEEK) == 3 && std::memcmp(text, "ans", 3) == 0, "a peek");
    check(recv(pair.client, text, 3, 0) == 3 && recv(pair.client, text + 3, 10, 0) == 3 && std::memcmp(text, "answer", 6) == 0,
          "takes nothing");
    check(fails(EAGAIN, [&] { return static_cast<int>(recv(pair.client, text, 1, MSG_DONTWAIT)); }), "MSG_DONTWAIT");
    const iovec pieces[] = {{const_cast<char*>("one "), 4}, {nullptr, 0}, {const_cast<char*>("two"), 3}};
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces);
    message.msg_iovlen = 3;
    check(sendmsg(pair.client, &message, MSG_MORE) == 7 && send(pair.client, "!", 1, 0) == 1, "sendmsg");
    char first[3], second[16];
    iovec room[] = {{first, sizeof first}, {second, sizeof second}};
    message = {};
    message.msg_iov = room;
    message.msg_iovlen = 2;
    check(polled(pair.server, POLLIN, 5000) == POLLIN && recvmsg(pair.server, &message, 0) == 8 && std::memcmp(first, "one", 3) == 0 &&
              std::memcmp(second, " two!", 5) == 0,
          "recvmsg");
    check(write(pair.client, "ab", 2) == 2 && write(pair.client, "cd", 2) == 2 &&
              recv(pair.server, text, 4, MSG_WAITALL) == 4 && std::memcmp(text, "abcd", 4) == 0,
          "MSG_WAITALL");
    check(dup2(pair.client, 20) == 20 && write(20, "dup", 3) == 3 && close(20) == 0 && read(pair.server, text, 32) == 3, "a duplicate");
}

void much(debug::Check& check, const Pair& pair) noexcept {
    // More than fits anywhere: each end does what it can.
    constexpr std::size_t total = 3'000'000;
    fcntl(pair.client, F_SETFL, O_NONBLOCK);
    fcntl(pair.server, F_SETFL, O_NONBLOCK);
    const auto at = [](std::size_t place) { return static_cast<unsigned char>(place ^ place >> 8 ^ place >> 16); };
    std::array<unsigned char, 5000> piece;
    std::size_t sent = 0, received = 0;
    bool full = false;
    bool right = true, failed = false;
    while (received != total && !failed) {
        bool moved = false;
        if (sent != total) {
            const std::size_t size = std::min(piece.size(), total - sent);
            for (std::size_t i = 0; i != size; ++i) piece[i] = at(sent + i);
            const ssize_t count = write(pair.client, piece.data(), size);
            if (count > 0) sent += static_cast<std::size_t>(count), moved = true;
            else failed |= errno != EAGAIN;
        }
        if (moved && !full) continue;
        if (!full) check(polled(pair.client, POLLOUT) == 0 && polled(pair.server, POLLIN) == POLLIN, "all buffers are full"), full = true;
        if (const ssize_t count = read(pair.server, piece.data(), piece.size()); count > 0) {
            for (ssize_t i = 0; i != count; ++i) right &= piece[static_cast<std::size_t>(i)] == at(received++);
            moved = true;
        } else {
            failed |= count == 0 || errno != EAGAIN;
        }
        if (moved) continue;
        pollfd both[] = {{pair.client, static_cast<short>(sent != total ? POLLOUT : 0), 0}, {pair.server, POLLIN, 0}};
        failed |= poll(both, 2, 10'000) <= 0;
    }
    check(received == total && right && !failed, "three million bytes arrive as they were sent");
    check(polled(pair.client, POLLOUT, 5000) == POLLOUT, "and there is room again");
    fcntl(pair.client, F_SETFL, 0);
    fcntl(pair.server, F_SETFL, 0);
}

void ends(debug::Check& check, int listener) noexcept {
    char byte;
    Pair pair = connected_to(listener, 1001);
    check(shutdown(pair.client, SHUT_WR) == 0 && read(pair.server, &byte, 1) == 0, "the end of one direction");
    check(write(pair.server, "x", 1) == 1 && read(pair.client, &byte, 1) == 1, "is not that of the other");
    signal(SIGPIPE, SIG_IGN);
    check(fails(EPIPE, [&] { return static_cast<int>(write(pair.client, "x", 1)); }), "what was shut down is not written to");
    signal(SIGPIPE, SIG_DFL);
    check(fails(EPIPE, [&] { return static_cast<int>(send(pair.client, "x", 1, MSG_NOSIGNAL)); }), "MSG_NOSIGNAL");
    check(shutdown(pair.server, SHUT_RDWR) == 0 && polled(pair.server, POLLIN | POLLOUT) == (POLLIN | POLLOUT | POLLHUP), "both");
    close(pair.client), close(pair.server);

    pair = connected_to(listener, 1001);
    const linger at_once{1, 0};
    check(setsockopt(pair.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0 && close(pair.client) == 0, "a reset");
    check((polled(pair.server, POLLIN, 5000) & POLLERR) != 0, "is an error of the other end");
    check(fails(ECONNRESET, [&] { return static_cast<int>(read(pair.server, &byte, 1)); }), "which is told once");
    check(read(pair.server, &byte, 1) == 0 && close(pair.server) == 0, "and then nothing more comes");

    pair = connected_to(listener, 1001);
    check(write(pair.client, "unread", 6) == 6 && polled(pair.server, POLLIN, 5000) == POLLIN && close(pair.server) == 0 &&
              (polled(pair.client, POLLIN, 5000) & POLLERR) != 0,
          "who closes without reading resets");
    close(pair.client);

    // Those that were never accepted end with who listens.
    const int waiting = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect_to(waiting, here(1001));
    check(polled(waiting, POLLOUT, 5000) == POLLOUT && polled(listener, POLLIN) == POLLIN && close(listener) == 0, "who listens ends");
    check((polled(waiting, POLLIN, 5000) & POLLIN) != 0 && read(waiting, &byte, 1) <= 0, "and who waits there is told");
    close(waiting);
}

}  // namespace

void streams(debug::Check& check) noexcept {
    begins(check);
    const int listener = listening(1001);
    const Pair pair = connected_to(listener, 1001);
    if (!check(pair.client >= 0 && pair.server >= 0, "a connection")) return;
    bytes(check, pair);
    much(check, pair);
    close(pair.client), close(pair.server);
    ends(check, listener);
    const int again = listening(1001);
    check(again >= 0, "a port is free again at once");
    close(again);
}

}  // namespace unicore::posix::sockets
