// SPDX-License-Identifier: BSD-3-Clause
#include "server.hpp"

#include <unicore/crypto/mbedtls.h>
#include <unicore/embed.hpp>

#include <mbedtls/pk.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/x509_crt.h>

namespace tls {
namespace {

constexpr std::uint32_t ticket_seconds = 3600;  // keys of tickets are new after that long
const char* protocols[] = {"http/1.1", nullptr};
/// The fastest first: the library would take the longest that a client knows.
constexpr mbedtls_ecp_group_id curves[] = {MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP384R1,
                                           MBEDTLS_ECP_DP_NONE};

mbedtls_ssl_config shared;
mbedtls_x509_crt certificate;
mbedtls_pk_context key;
mbedtls_ssl_ticket_context tickets;

/// A file's bytes with the 0 behind them, with which PEM ends.
struct Pem {
    explicit Pem(const char* name) noexcept {
        if (const auto file = unicore::embed::find(name)) {
            bytes = reinterpret_cast<const unsigned char*>(file->contents.data());
            size = file->contents.size() + 1;
        }
    }
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
};

}  // namespace

const char* prepare() noexcept {
    mbedtls_ssl_config_init(&shared);
    mbedtls_x509_crt_init(&certificate);
    mbedtls_pk_init(&key);
    mbedtls_ssl_ticket_init(&tickets);
    const Pem own("tls/certificate.pem"), secret("tls/key.pem");
    if (own.size == 0 || secret.size == 0) return "the image has no tls/certificate.pem or no tls/key.pem";
    if (mbedtls_x509_crt_parse(&certificate, own.bytes, own.size) != 0) return "tls/certificate.pem is no chain of certificates";
    if (mbedtls_pk_parse_key(&key, secret.bytes, secret.size, nullptr, 0) != 0)
        return "tls/key.pem is no key of RSA, P-256 or P-384 without a password";
    if (mbedtls_pk_check_pair(&certificate.pk, &key) != 0) return "tls/key.pem is not the key of tls/certificate.pem";
    if (mbedtls_ssl_config_defaults(&shared, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0 ||
        mbedtls_ssl_conf_own_cert(&shared, &certificate, &key) != 0 || mbedtls_ssl_conf_alpn_protocols(&shared, protocols) != 0 ||
        mbedtls_ssl_ticket_setup(&tickets, unicore_mbedtls_random, nullptr, MBEDTLS_CIPHER_AES_256_GCM, ticket_seconds) != 0)
        return "no memory for TLS";
    mbedtls_ssl_conf_rng(&shared, unicore_mbedtls_random, nullptr);
    mbedtls_ssl_conf_curves(&shared, curves);
    mbedtls_ssl_conf_session_tickets_cb(&shared, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &tickets);
    return nullptr;
}

const mbedtls_ssl_config& configuration() noexcept { return shared; }

}  // namespace tls
