// SPDX-License-Identifier: BSD-3-Clause
/// What all sessions share: the server's certificate, its key, and the keys of tickets. One thread has them.
#pragma once

#include <mbedtls/ssl.h>

namespace tls {

/// Takes the image's tls/certificate.pem, with those between it and its authority behind it, and tls/key.pem. Called once, before
/// the other. Returns what failed, or null.
const char* prepare() noexcept;

/// For mbedtls_ssl_setup.
const mbedtls_ssl_config& configuration() noexcept;

}  // namespace tls
