// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace unicore::entropy {

using ChaChaKey = std::array<std::uint32_t, 8>;
using ChaChaNonce = std::array<std::uint32_t, 3>;

/// The ChaCha20 block function; key, nonce and block as little-endian words. [RFC 8439, 2.3]
void chacha20_block(const ChaChaKey& key, std::uint32_t counter, const ChaChaNonce& nonce,
                    std::span<std::uint32_t, 16> block) noexcept;

}  // namespace unicore::entropy
