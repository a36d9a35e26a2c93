// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>

namespace unicore::test {

/// A frame of Ethernet with a payload of `size` bytes that depend on `seed`.
std::string frame(std::size_t size, unsigned seed = 0);
/// A frame with TCP over IPv4, or IPv6: `size` bytes of payload.
std::string tcp_frame(std::size_t size, bool six = false);

}  // namespace unicore::test
