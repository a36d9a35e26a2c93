// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/check.hpp>

namespace unicore::crypto::mbedtls {

void primitives(debug::Check& check) noexcept;
void certificates(debug::Check& check) noexcept;
void handshakes(debug::Check& check) noexcept;
void refusals(debug::Check& check) noexcept;

}  // namespace unicore::crypto::mbedtls
