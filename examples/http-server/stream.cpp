// SPDX-License-Identifier: BSD-3-Clause
#include "stream.hpp"

#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace http {

const Transport transport = {"http-server", 80, 512};

Stream::~Stream() { close(descriptor_); }

const char* Stream::prepare() noexcept { return nullptr; }
std::size_t Stream::facts(machine::Fact*, std::size_t) noexcept { return 0; }

bool Stream::begin() noexcept { return true; }
bool Stream::opening() const noexcept { return false; }

ssize_t Stream::receive(char* into, std::size_t room) noexcept { return recv(descriptor_, into, room, 0); }

bool Stream::drained(std::size_t size, std::size_t room) const noexcept { return size != room; }

ssize_t Stream::send(std::string_view head, std::string_view body, bool last) noexcept {
    ssize_t size;
    if (body.empty()) {
        // The end goes in the same segment.
        size = ::send(descriptor_, head.data(), head.size(), last ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL);
    } else {
        iovec pieces[] = {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}};
        msghdr message{};
        message.msg_iov = head.empty() ? pieces + 1 : pieces;
        message.msg_iovlen = head.empty() ? 1 : 2;
        size = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
    }
    if (size < 0 && errno == ENOBUFS) errno = EAGAIN;
    return size;
}

bool Stream::finish() noexcept { return shutdown(descriptor_, SHUT_WR) == 0; }

}  // namespace http
