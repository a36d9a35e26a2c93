// SPDX-License-Identifier: BSD-3-Clause
#include "loop.hpp"

#include <unicore/crypto/mbedtls.h>
#include <unicore/embed.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include <time.h>

namespace unicore::crypto::mbedtls {
namespace {

/// A file of the image, with the 0 behind it, which PEM ends with; empty if there is none.
std::span<const unsigned char> pem(const char* folder, const char* name) noexcept {
    char path[40];
    std::strcpy(path, folder);
    std::strcat(path, name);
    const auto file = embed::find(path);
    if (!file) return {};
    return {reinterpret_cast<const unsigned char*>(file->contents.data()), file->contents.size() + 1};
}

}  // namespace

Identity::Identity(const char* folder) noexcept {
    mbedtls_x509_crt_init(&authority);
    mbedtls_x509_crt_init(&certificate);
    mbedtls_pk_init(&key);
    const auto trusted = pem(folder, "/ca.pem"), own = pem(folder, "/certificate.pem"), secret = pem(folder, "/key.pem");
    status = mbedtls_x509_crt_parse(&authority, trusted.data(), trusted.size());
    if (status == 0) status = mbedtls_x509_crt_parse(&certificate, own.data(), own.size());
    if (status == 0) status = mbedtls_pk_parse_key(&key, secret.data(), secret.size(), nullptr, 0);
}

Identity::~Identity() {
    mbedtls_pk_free(&key);
    mbedtls_x509_crt_free(&certificate);
    mbedtls_x509_crt_free(&authority);
}

int Pipe::put(const unsigned char* bytes, std::size_t size) noexcept {
    const std::size_t room = bytes_.size() - used_;
    if (room == 0) return MBEDTLS_ERR_SSL_WANT_WRITE;
    size = std::min(size, std::min(room, std::size_t{700}));
    for (std::size_t i = 0; i != size; ++i) {
        const bool spoilt = ++total_ == spoils;
        bytes_[(first_ + used_++) % bytes_.size()] = static_cast<unsigned char>(bytes[i] ^ (spoilt ? 1 : 0));
    }
    return static_cast<int>(size);
}

int Pipe::get(unsigned char* bytes, std::size_t size) noexcept {
    if (used_ == 0) return MBEDTLS_ERR_SSL_WANT_READ;
    size = std::min(size, std::min(used_, std::size_t{333}));
    for (std::size_t i = 0; i != size; ++i) bytes[i] = bytes_[(first_ + i) % bytes_.size()];
    first_ = (first_ + size) % bytes_.size();
    used_ -= size;
    return static_cast<int>(size);
}

End::End(int role, Pipe& out, Pipe& in) noexcept : out_(out), in_(in) {
    mbedtls_ssl_config_init(&configuration);
    mbedtls_ssl_init(&session);
    status = mbedtls_ssl_config_defaults(&configuration, role, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&configuration, unicore_mbedtls_random, nullptr);
}

End::~End() {
    mbedtls_ssl_free(&session);
    mbedtls_ssl_config_free(&configuration);
}

int End::begin() noexcept {
    if (status == 0) status = mbedtls_ssl_setup(&session, &configuration);
    if (status != 0) return status;
    const auto send = [](void* self, const unsigned char* bytes, std::size_t size) {
        return static_cast<End*>(self)->out_.put(bytes, size);
    };
    const auto receive = [](void* self, unsigned char* bytes, std::size_t size) {
        return static_cast<End*>(self)->in_.get(bytes, size);
    };
    mbedtls_ssl_set_bio(&session, this, send, receive, nullptr);
    status = MBEDTLS_ERR_SSL_WANT_READ;
    return 0;
}

bool End::waits() const noexcept { return status == MBEDTLS_ERR_SSL_WANT_READ || status == MBEDTLS_ERR_SSL_WANT_WRITE; }

bool End::step() noexcept {
    if (waits()) status = mbedtls_ssl_handshake(&session);
    return waits();
}

Loop::Loop(Identity& own, Identity& trusted, const char* name) noexcept
    : client(MBEDTLS_SSL_IS_CLIENT, up, down), server(MBEDTLS_SSL_IS_SERVER, down, up), name_(name) {
    mbedtls_ssl_conf_ca_chain(&client.configuration, &trusted.authority, nullptr);
    mbedtls_ssl_conf_authmode(&client.configuration, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_verify(&client.configuration, verify, this);
    status_ = mbedtls_ssl_conf_own_cert(&server.configuration, &own.certificate, &own.key);
}

/// Overlooks that one is not valid yet, where there is no date, and nothing else.
int Loop::verify(void* self, mbedtls_x509_crt*, int, std::uint32_t* flags) noexcept {
    ++static_cast<Loop*>(self)->verified;
    if (undated()) *flags &= ~static_cast<std::uint32_t>(MBEDTLS_X509_BADCERT_FUTURE);
    return 0;
}

int Loop::begin() noexcept {
    begun_ = true;
    if (status_ == 0) status_ = client.begin();
    if (status_ == 0) status_ = server.begin();
    if (status_ == 0) status_ = mbedtls_ssl_set_hostname(&client.session, name_);
    return status_;
}

void Loop::shake() noexcept {
    if (!begun_) begin();
    // Bounded, so that two that only wait for each other are a failure and no stop.
    for (unsigned turn = 0; status_ == 0 && turn != 1000; ++turn) {
        const bool client_waits = client.step(), server_waits = server.step();
        if (!client_waits && !server_waits) return;
    }
}

bool Loop::carries(End& from, End& to, std::size_t size) noexcept {
    constexpr auto byte_at = [](std::size_t at) { return static_cast<unsigned char>(at % 251); };
    std::array<unsigned char, 1000> sent, got;
    std::size_t out = 0, in = 0;
    for (unsigned turn = 0; in != size && turn != 10'000; ++turn) {
        if (out != size) {
            const std::size_t part = std::min(size - out, sent.size());
            for (std::size_t i = 0; i != part; ++i) sent[i] = byte_at(out + i);
            const int written = mbedtls_ssl_write(&from.session, sent.data(), part);
            if (written > 0) out += static_cast<std::size_t>(written);
            else if (written != MBEDTLS_ERR_SSL_WANT_WRITE) return false;
        }
        const int read = mbedtls_ssl_read(&to.session, got.data(), got.size());
        if (read == MBEDTLS_ERR_SSL_WANT_READ) continue;
        if (read <= 0) return false;
        for (int i = 0; i != read; ++i)
            if (got[static_cast<std::size_t>(i)] != byte_at(in++)) return false;
    }
    return in == size;
}

bool undated() noexcept { return time(nullptr) < 1'700'000'000; }

}  // namespace unicore::crypto::mbedtls
