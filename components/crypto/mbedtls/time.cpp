// SPDX-License-Identifier: BSD-3-Clause
#include <time.h>

#include <mbedtls/platform_util.h>

/// Mbed TLS' own looks for POSIX by what compilers for it predefine, and takes gmtime where they do not.
tm* mbedtls_platform_gmtime_r(const mbedtls_time_t* time, tm* parts) { return gmtime_r(time, parts); }
