// SPDX-License-Identifier: BSD-3-Clause
/// A client and a server that talk to each other in memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

namespace unicore::crypto::mbedtls {

/// A certificate with its key and its authority, out of the image's folder of this name.
class Identity {
public:
    explicit Identity(const char* folder) noexcept;
    ~Identity();
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;

    int status = 0;  ///< of the library, the first that was not 0
    mbedtls_x509_crt authority, certificate;
    mbedtls_pk_context key;
};

/// Bytes on their way. It takes and gives some at a time, so that both ends are told to wait in the middle of things.
class Pipe {
public:
    int put(const unsigned char* bytes, std::size_t size) noexcept;
    int get(unsigned char* bytes, std::size_t size) noexcept;
    std::size_t total() const noexcept { return total_; }
    std::size_t spoils = 0;  ///< the number of a byte to be changed on its way, counted from 1

private:
    std::array<unsigned char, 1500> bytes_;
    std::size_t first_ = 0, used_ = 0, total_ = 0;
};

/// One of the two: its configuration, which tests may change before `begin`, and its session.
class End {
public:
    End(int role, Pipe& out, Pipe& in) noexcept;
    ~End();
    End(const End&) = delete;
    End& operator=(const End&) = delete;

    /// Makes the session. Returns the library's status.
    int begin() noexcept;
    /// Goes on with the handshake. Whether it would have to wait now.
    bool step() noexcept;

    mbedtls_ssl_config configuration;
    mbedtls_ssl_context session;
    int status = MBEDTLS_ERR_SSL_WANT_READ;  ///< of the handshake

private:
    bool waits() const noexcept;

    Pipe& out_;
    Pipe& in_;
};

class Loop {
public:
    /// A client that trusts `trusted` and expects `name`, and a server that has `own`.
    Loop(Identity& own, Identity& trusted, const char* name) noexcept;

    /// Makes both sessions. Returns the library's status.
    int begin() noexcept;
    /// Begins, if nobody has, and has both shake hands, until both are done or have failed.
    void shake() noexcept;
    /// As many bytes as `size` from one to the other, and whether they came as they were.
    bool carries(End& from, End& to, std::size_t size) noexcept;
    bool done() const noexcept { return client.status == 0 && server.status == 0; }
    std::string_view suite() const noexcept { return mbedtls_ssl_get_ciphersuite(&client.session); }

    Pipe up, down;
    End client, server;
    unsigned verified = 0;  ///< certificates that the client has looked at

private:
    static int verify(void* self, mbedtls_x509_crt* certificate, int depth, std::uint32_t* flags) noexcept;

    const char* name_;
    bool begun_ = false;
    int status_;  ///< of what comes before the handshake
};

/// Whether this machine knows no date: it counts from 1970 on, when no certificate of today was valid yet.
bool undated() noexcept;

}  // namespace unicore::crypto::mbedtls
