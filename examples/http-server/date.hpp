// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace http {

inline constexpr std::size_t date_size = 29;
/// Writes a moment, in seconds since 1970, as answers tell it: Fri, 27 Nov 2026 07:19:59 GMT. [RFC 9110, 5.6.7]
void write_date(std::int64_t seconds, char (&into)[date_size]) noexcept;

}  // namespace http
