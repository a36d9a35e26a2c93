// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, recvfrom, sendto]
#include "suites.hpp"

#include <array>

#include <unistd.h>

namespace unicore::posix::sockets {

void datagrams(debug::Check& check) noexcept {
    const int server = socket(AF_INET, SOCK_DGRAM, 0), client = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    const sockaddr_in address = here(2000);
    const auto* const to = reinterpret_cast<const sockaddr*>(&address);
    check(bind_to(server, address) == 0, "a port");
    check(polled(server, POLLIN | POLLOUT) == POLLOUT, "can be written to");
    check(fails(EAGAIN, [&] { return static_cast<int>(recv(server, nullptr, 0, MSG_DONTWAIT)); }), "nothing has come");
    check(fails(EDESTADDRREQ, [&] { return static_cast<int>(send(client, "x", 1, 0)); }), "to nobody nothing is sent");
    check(sendto(client, "first", 5, 0, to, sizeof address) == 5 && sendto(client, "", 0, 0, to, sizeof address) == 0 &&
              sendto(client, "third one", 9, 0, to, sizeof address) == 9,
          "to somebody it is");
    char text[16];
    sockaddr_in from{};
    socklen_t size = sizeof from;
    check(polled(server, POLLIN, 5000) == POLLIN, "it comes");
    check(recvfrom(server, text, sizeof text, 0, reinterpret_cast<sockaddr*>(&from), &size) == 5 && std::memcmp(text, "first", 5) == 0 &&
              size == sizeof from && from.sin_addr.s_addr == htonl(INADDR_LOOPBACK),
          "with its source");
    check(recv(server, text, sizeof text, 0) == 0, "an empty one is one, too");
    iovec room{text, 5};
    msghdr message{};
    message.msg_iov = &room;
    message.msg_iovlen = 1;
    check(recv(server, text, 5, MSG_PEEK) == 5 && recvmsg(server, &message, 0) == 5 && (message.msg_flags & MSG_TRUNC) != 0,
          "what does not fit is cut off, and that is told");
    check(polled(server, POLLIN) == 0, "and gone");
    check(sendto(server, "back", 4, 0, reinterpret_cast<sockaddr*>(&from), sizeof from) == 4 && polled(client, POLLIN, 5000) == POLLIN &&
              recv(client, text, sizeof text, 0) == 4,
          "an answer");

    check(connect_to(client, address) == 0 && send(client, "to you", 6, 0) == 6 && write(client, "again", 5) == 5, "one that is connected");
    check(read(server, text, sizeof text) == 6 && read(server, text, sizeof text) == 5, "is heard");
    sockaddr nobody{};
    check(connect(client, &nobody, sizeof nobody) == 0 && fails(ENOTCONN, [&] { return getpeername(client, &nobody, &size); }),
          "it can be disconnected");

    static std::array<char, 65'508> large;
    for (std::size_t i = 0; i != large.size(); ++i) large[i] = static_cast<char>(i * 7);
    const iovec pieces[] = {{large.data(), 30'000}, {large.data() + 30'000, 35'507}};
    msghdr whole{};
    whole.msg_name = const_cast<sockaddr_in*>(&address);
    whole.msg_namelen = sizeof address;
    whole.msg_iov = const_cast<iovec*>(pieces);
    whole.msg_iovlen = 2;
    static std::array<char, 65'508> got;
    check(sendmsg(client, &whole, 0) == 65'507 && recv(server, got.data(), got.size(), 0) == 65'507 &&
              std::memcmp(got.data(), large.data(), 65'507) == 0,
          "the largest, out of two pieces");
    check(fails(EMSGSIZE, [&] { return static_cast<int>(sendto(client, large.data(), 65'508, 0, to, sizeof address)); }), "a larger one");
    check(close(server) == 0 && close(client) == 0, "closed");
}

}  // namespace unicore::posix::sockets
