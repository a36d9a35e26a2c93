// SPDX-License-Identifier: BSD-3-Clause
// TLS from one end to the other, in memory. [RFC 5246]
#include "loop.hpp"
#include "suites.hpp"

#include <unicore/crypto/mbedtls.h>

#include <cstring>

#include <mbedtls/ssl_ticket.h>

namespace unicore::crypto::mbedtls {
namespace {

constexpr const char* name = "unicore.test";

struct Case {
    const char* suite;
    bool rsa;
};
constexpr Case cases[] = {
    {"TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256", false},       {"TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384", false},
    {"TLS-ECDHE-ECDSA-WITH-CHACHA20-POLY1305-SHA256", false}, {"TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256", true},
    {"TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384", true},          {"TLS-ECDHE-RSA-WITH-CHACHA20-POLY1305-SHA256", true},
};

void with_suite(debug::Check& check, Identity& own, const char* suite) noexcept {
    Loop loop(own, own, name);
    const int only[] = {mbedtls_ssl_get_ciphersuite_id(suite), 0};
    mbedtls_ssl_conf_ciphersuites(&loop.client.configuration, only);
    loop.shake();
    if (!check(loop.done() && loop.suite() == suite, suite)) return;
    check(std::strcmp(mbedtls_ssl_get_version(&loop.client.session), "TLSv1.2") == 0, "it is TLS 1.2");
    check(loop.carries(loop.client, loop.server, 20'000), "bytes go to the server");
    check(loop.carries(loop.server, loop.client, 20'000), "and to the client");
    check(mbedtls_ssl_close_notify(&loop.server.session) == 0, "an end is told");
    unsigned char byte;
    check(mbedtls_ssl_read(&loop.client.session, &byte, 1) == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY, "and heard");
}

/// A client that comes again with what it was given needs no certificate; at another server it does. [RFC 5077]
void resumption(debug::Check& check, Identity& own) noexcept {
    mbedtls_ssl_ticket_context tickets, others;
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    for (mbedtls_ssl_ticket_context* const keys : {&tickets, &others}) {
        mbedtls_ssl_ticket_init(keys);
        check(mbedtls_ssl_ticket_setup(keys, unicore_mbedtls_random, nullptr, MBEDTLS_CIPHER_AES_256_GCM, 86'400) == 0,
              "keys for tickets are made");
    }
    for (const unsigned turn : {0U, 1U, 2U}) {
        const bool again = turn != 0;
        Loop loop(own, own, name);
        mbedtls_ssl_conf_session_tickets_cb(&loop.server.configuration, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse,
                                            turn == 2 ? &others : &tickets);
        if (!check(loop.begin() == 0, "a client and a server begin")) break;
        if (again) check(mbedtls_ssl_set_session(&loop.client.session, &session) == 0, "a session is taken up");
        loop.shake();
        if (!check(loop.done(), "a handshake with tickets")) break;
        check((loop.verified == 0) == (turn == 1), "certificates are looked at but where a ticket is taken");
        check(loop.carries(loop.client, loop.server, 100), "bytes go to the server");
        check(loop.carries(loop.server, loop.client, 100), "and to the client");
        if (!again) check(mbedtls_ssl_get_session(&loop.client.session, &session) == 0, "the session is there");
    }
    mbedtls_ssl_session_free(&session);
    mbedtls_ssl_ticket_free(&tickets);
    mbedtls_ssl_ticket_free(&others);
}

}  // namespace

void handshakes(debug::Check& check) noexcept {
    Identity ec("ec"), rsa("rsa");
    if (!check(ec.status == 0 && rsa.status == 0, "certificates and keys are understood")) return;
    for (const Case& one : cases) with_suite(check, one.rsa ? rsa : ec, one.suite);
    for (const mbedtls_ecp_group_id curve : {MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_CURVE25519}) {
        Loop loop(rsa, rsa, name);
        const mbedtls_ecp_group_id only[] = {curve, MBEDTLS_ECP_DP_NONE};
        mbedtls_ssl_conf_curves(&loop.client.configuration, only);
        loop.shake();
        check(loop.done() && loop.carries(loop.client, loop.server, 100), "keys are agreed on with this curve");
    }
    resumption(check, ec);
}

void refusals(debug::Check& check) noexcept {
    Identity ec("ec"), rsa("rsa");
    if (!check(ec.status == 0 && rsa.status == 0, "certificates and keys are understood")) return;
    {
        Loop loop(ec, ec, "unicore.example");
        loop.shake();
        check(loop.client.status == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED, "a client refuses a certificate of another name");
        check(mbedtls_ssl_get_verify_result(&loop.client.session) == MBEDTLS_X509_BADCERT_CN_MISMATCH, "and says why");
        check(loop.server.status == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, "which the server is told");
    }
    {
        Loop loop(ec, rsa, name);
        loop.shake();
        check(loop.client.status == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED, "a client refuses one of an unknown authority");
        check(mbedtls_ssl_get_verify_result(&loop.client.session) == MBEDTLS_X509_BADCERT_NOT_TRUSTED, "and says why");
    }
    {
        Loop loop(rsa, rsa, name);
        const int only[] = {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0};
        mbedtls_ssl_conf_ciphersuites(&loop.client.configuration, only);
        loop.shake();
        const int status = loop.server.status;
        check(status == MBEDTLS_ERR_SSL_NO_USABLE_CIPHERSUITE || status == MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN,
              "a server without a key for it refuses a client");
        check(loop.client.status == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, "which is told");
    }
    // A byte that is changed on its way: in the handshake, and in what comes behind it.
    for (const std::size_t at : {20U, 60U, 100U, 250U}) {
        Loop loop(ec, ec, name);
        loop.up.spoils = at;
        loop.shake();
        check(!loop.done(), "a handshake that was changed fails");
    }
    Loop loop(ec, ec, name);
    loop.shake();
    if (!check(loop.done(), "a handshake that was not changed does not")) return;
    loop.up.spoils = loop.up.total() + 500;
    check(!loop.carries(loop.client, loop.server, 1000), "a record that was changed is not taken");
}

}  // namespace unicore::crypto::mbedtls
