// SPDX-License-Identifier: BSD-3-Clause
#include "failure.hpp"

#include "../http-server/text.hpp"

#include <arpa/inet.h>
#include <mbedtls/cipher.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace tls {
namespace {

using http::Text;

constexpr unsigned lines_a_second = 20;

/// [RFC 5246, 7.2; RFC 7301, 3.2]
std::string_view alert(unsigned char number) noexcept {
    switch (number) {
    case 0: return "the end";
    case 10: return "unexpected message";
    case 20: return "bad record";
    case 22: return "record overflow";
    case 40: return "handshake failure";
    case 42: return "bad certificate";
    case 43: return "unsupported certificate";
    case 44: return "certificate revoked";
    case 45: return "certificate expired";
    case 46: return "certificate unknown";
    case 47: return "illegal parameter";
    case 48: return "unknown authority";
    case 49: return "access denied";
    case 50: return "decode error";
    case 51: return "decrypt error";
    case 70: return "protocol version";
    case 71: return "insufficient security";
    case 80: return "internal error";
    case 90: return "canceled by its user";
    case 110: return "unsupported extension";
    case 112: return "unrecognized name";
    case 120: return "no application protocol";
    default: return "alert";
    }
}

/// In words, where there are some for it; the others have the library's number.
std::string_view reason(int status) noexcept {
    switch (status) {
    case 0: return "not over in time";
    case MBEDTLS_ERR_SSL_CONN_EOF: return "the client left";
    case MBEDTLS_ERR_NET_CONN_RESET: return "the client broke off";
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: return "the client ended it";
    case MBEDTLS_ERR_SSL_INVALID_RECORD: return "what came is no record of TLS 1.2";
    case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION: return "the client does not know TLS 1.2";
    case MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN:
    case MBEDTLS_ERR_SSL_NO_USABLE_CIPHERSUITE: return "no cipher suite in common";
    case MBEDTLS_ERR_SSL_BAD_HS_CLIENT_HELLO: return "what came is no hello of a client";
    case MBEDTLS_ERR_SSL_BAD_HS_CLIENT_KEY_EXCHANGE:
    case MBEDTLS_ERR_SSL_BAD_HS_CLIENT_KEY_EXCHANGE_RP:
    case MBEDTLS_ERR_SSL_BAD_HS_CLIENT_KEY_EXCHANGE_CS: return "a client's key that is none";
    case MBEDTLS_ERR_SSL_BAD_HS_FINISHED: return "what was said is not what was heard";
    case MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE: return "a message that does not belong there";
    case MBEDTLS_ERR_SSL_INVALID_MAC: return "a record that was changed on its way";
    case MBEDTLS_ERR_SSL_ALLOC_FAILED:
    case MBEDTLS_ERR_MPI_ALLOC_FAILED:
    case MBEDTLS_ERR_ECP_ALLOC_FAILED:
    case MBEDTLS_ERR_MD_ALLOC_FAILED:
    case MBEDTLS_ERR_PK_ALLOC_FAILED:
    case MBEDTLS_ERR_CIPHER_ALLOC_FAILED:
    case MBEDTLS_ERR_X509_ALLOC_FAILED: return "no memory";
    default: return {};
    }
}

/// Whether a line is one too many now. `left_out` is how many were, when the next one is not.
bool too_many(std::uint64_t& left_out) noexcept {
    static time_t second = 0;
    static unsigned lines = 0;
    static std::uint64_t skipped = 0;
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec != second) {
        second = now.tv_sec;
        lines = 0;
    }
    if (lines == lines_a_second) return ++skipped, true;
    ++lines;
    left_out = skipped;
    skipped = 0;
    return false;
}

void write_hexadecimal(Text& line, unsigned number) noexcept {
    char digits[8];
    const auto end = std::to_chars(digits, digits + sizeof digits, number, 16).ptr;
    line << std::string_view(digits, static_cast<std::size_t>(end - digits));
}

}  // namespace

Peer peer_of(int descriptor) noexcept {
    Peer peer{};
    socklen_t size = sizeof peer;
    if (getpeername(descriptor, &peer.general, &size) != 0) peer.general.sa_family = AF_INET;
    return peer;
}

void report(const Peer& peer, const char* what, int status, unsigned char number) noexcept {
    std::uint64_t left_out = 0;
    if (too_many(left_out)) return;
    char buffer[256], address[INET6_ADDRSTRLEN] = "";
    Text line(buffer, sizeof buffer);
    if (left_out != 0) line << "tls-server: " << left_out << " more lines like these\n";
    const bool six = peer.general.sa_family == AF_INET6;
    const void* const bytes = six ? static_cast<const void*>(&peer.six.sin6_addr) : &peer.four.sin_addr;
    inet_ntop(peer.general.sa_family, bytes, address, sizeof address);
    line << "tls-server: " << (six ? "[" : "") << std::string_view(address) << (six ? "]:" : ":")
         << std::uint64_t{ntohs(six ? peer.six.sin6_port : peer.four.sin_port)} << ": " << what << ": ";
    if (status == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
        line << "the client refuses: " << alert(number) << " (" << std::uint64_t{number} << ")";
    } else if (const std::string_view words = reason(status); !words.empty()) {
        line << words;
    } else {
        line << "error -0x";
        write_hexadecimal(line, static_cast<unsigned>(-status));
    }
    line << "\n";
    if (write(1, buffer, line.size()) < 0) return;  // nobody hears it
}

}  // namespace tls
