// SPDX-License-Identifier: BSD-3-Clause
// TLS between the server and TCP.
#include "../http-server/stream.hpp"

#include "failure.hpp"
#include "server.hpp"

#include <cerrno>
#include <cstdlib>

#include <mbedtls/net_sockets.h>
#include <sys/socket.h>
#include <unistd.h>

namespace http {

/// Each takes 27 KB, and some more while it shakes hands.
const Transport transport = {"tls-server", 443, 128};

namespace {

std::uint64_t handshakes = 0, handshakes_failed = 0, sessions_broken = 0;

constexpr const char* no_handshake = "no handshake";

/// What a step of a handshake takes at most, with room to spare.
constexpr std::size_t reserve = 32 * 1024;

/// Whether there is memory for a step. In the middle of one the library takes a hash that it had no memory for as one that it
/// has (CVE-2025-27810), so that a step with too little must not begin.
bool has_reserve() noexcept {
    static void* (*volatile allocate)(std::size_t) = std::malloc;  // or a compiler leaves out what is freed at once
    void* const probe = allocate(reserve);
    std::free(probe);
    return probe != nullptr;
}

bool waits(int status) noexcept { return status == MBEDTLS_ERR_SSL_WANT_READ || status == MBEDTLS_ERR_SSL_WANT_WRITE; }

}  // namespace

struct Stream::Session {
    mbedtls_ssl_context context;
    tls::Peer peer;
    int descriptor;
    bool more;      ///< something will follow what is sent
    bool open;      ///< the handshake is over
    bool finished;  ///< or broken: there is no end to be told

    static int send(void* self, const unsigned char* bytes, std::size_t size) noexcept;
    static int receive(void* self, unsigned char* bytes, std::size_t size) noexcept;
    int fail(const char* what, int status) noexcept;
};

int Stream::Session::send(void* self, const unsigned char* bytes, std::size_t size) noexcept {
    const auto& session = *static_cast<const Session*>(self);
    ssize_t sent;
    do sent = ::send(session.descriptor, bytes, size, session.more ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0) return static_cast<int>(sent);
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) return MBEDTLS_ERR_SSL_WANT_WRITE;
    return MBEDTLS_ERR_NET_CONN_RESET;
}

int Stream::Session::receive(void* self, unsigned char* bytes, std::size_t size) noexcept {
    ssize_t got;
    do got = recv(static_cast<const Session*>(self)->descriptor, bytes, size, 0);
    while (got < 0 && errno == EINTR);
    if (got >= 0) return static_cast<int>(got);
    if (errno == EAGAIN || errno == EWOULDBLOCK) return MBEDTLS_ERR_SSL_WANT_READ;
    return MBEDTLS_ERR_NET_CONN_RESET;
}

/// Nothing more is sent: the library has sent an alert, if one belongs there. Who breaks off what was open has had enough.
int Stream::Session::fail(const char* what, int status) noexcept {
    finished = true;
    if (!open || status != MBEDTLS_ERR_NET_CONN_RESET) {
        ++(open ? sessions_broken : handshakes_failed);
        tls::report(peer, what, status, context.in_msg == nullptr ? 0 : context.in_msg[1]);
    }
    errno = EPROTO;
    return -1;
}

const char* Stream::prepare() noexcept { return tls::prepare(); }

std::size_t Stream::facts(machine::Fact* into, std::size_t room) noexcept {
    const machine::Fact all[] = {
        {"handshakes", handshakes}, {"handshakes_failed", handshakes_failed}, {"sessions_broken", sessions_broken}};
    std::size_t count = 0;
    for (const machine::Fact& fact : all)
        if (count != room) into[count++] = fact;
    return count;
}

bool Stream::begin() noexcept {
    const tls::Peer peer = tls::peer_of(descriptor_);
    session_ = static_cast<Session*>(std::calloc(1, sizeof(Session)));
    if (session_ == nullptr) {
        ++handshakes_failed;
        tls::report(peer, no_handshake, MBEDTLS_ERR_SSL_ALLOC_FAILED, 0);
        return false;
    }
    session_->descriptor = descriptor_;
    session_->peer = peer;
    mbedtls_ssl_init(&session_->context);
    if (const int status = mbedtls_ssl_setup(&session_->context, &tls::configuration()); status != 0)
        return session_->fail(no_handshake, status), false;
    mbedtls_ssl_set_bio(&session_->context, session_, Session::send, Session::receive, nullptr);
    return true;
}

Stream::~Stream() {
    if (session_ != nullptr) {
        if (session_->open && !session_->finished) finish();
        else if (!session_->finished) session_->fail(no_handshake, 0);
        mbedtls_ssl_free(&session_->context);
        std::free(session_);
    }
    close(descriptor_);
}

bool Stream::opening() const noexcept { return !session_->open; }

/// Records are read until there are no more: one that was read tells nothing of the next.
bool Stream::drained(std::size_t, std::size_t) const noexcept { return false; }

ssize_t Stream::receive(char* into, std::size_t room) noexcept {
    Session& session = *session_;
    if (!session.open) {
        const int status = has_reserve() ? mbedtls_ssl_handshake(&session.context) : MBEDTLS_ERR_SSL_ALLOC_FAILED;
        if (waits(status)) return errno = EAGAIN, -1;
        if (status != 0) return session.fail(no_handshake, status);
        session.open = true;
        ++handshakes;
    }
    const int size = mbedtls_ssl_read(&session.context, reinterpret_cast<unsigned char*>(into), room);
    if (size > 0) return size;
    if (waits(size)) return errno = EAGAIN, -1;
    // Who leaves without a word has had its answers, each of which says how long it is.
    if (size == 0 || size == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY || size == MBEDTLS_ERR_SSL_CONN_EOF) return 0;
    return session.fail("no session any more", size);
}

ssize_t Stream::send(std::string_view head, std::string_view body, bool last) noexcept {
    Session& session = *session_;
    const std::string_view next = head.empty() ? body : head;
    session.more = last || (!head.empty() && !body.empty());
    const int size = mbedtls_ssl_write(&session.context, reinterpret_cast<const unsigned char*>(next.data()), next.size());
    if (size >= 0) return size;
    if (waits(size)) return errno = EAGAIN, -1;
    return session.fail("no session any more", size);
}

bool Stream::finish() noexcept {
    session_->finished = session_->more = true;
    mbedtls_ssl_close_notify(&session_->context);  // if there is room now
    return shutdown(descriptor_, SHUT_WR) == 0;
}

}  // namespace http
