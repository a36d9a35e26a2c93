// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/entropy/chacha20.hpp>

#include <algorithm>
#include <bit>

namespace unicore::entropy {

namespace {

using Words = std::array<std::uint32_t, 16>;

/// [RFC 8439, 2.1]
[[gnu::always_inline]] inline void quarter_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) noexcept {
    d = std::rotl(d ^ (a += b), 16);
    b = std::rotl(b ^ (c += d), 12);
    d = std::rotl(d ^ (a += b), 8);
    b = std::rotl(b ^ (c += d), 7);
}

}  // namespace

void chacha20_block(const ChaChaKey& key, std::uint32_t counter, const ChaChaNonce& nonce,
                    std::span<std::uint32_t, 16> block) noexcept {
    Words start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};  // "expand 32-byte k"
    std::ranges::copy(key, start.begin() + 4);
    start[12] = counter;
    std::ranges::copy(nonce, start.begin() + 13);

    Words state = start;
    for (int rounds = 0; rounds < 20; rounds += 2) {
#pragma clang loop unroll(full)
        for (unsigned i = 0; i < 4; ++i) quarter_round(state[i], state[i + 4], state[i + 8], state[i + 12]);
#pragma clang loop unroll(full)
        for (unsigned i = 0; i < 4; ++i)
            quarter_round(state[i], state[4 + (i + 1) % 4], state[8 + (i + 2) % 4], state[12 + (i + 3) % 4]);
    }
    for (unsigned i = 0; i < block.size(); ++i) block[i] = state[i] + start[i];
    // The state before the sum is worth the key.
    start.fill(0);
    state.fill(0);
    asm volatile("" : : "r"(&start), "r"(&state) : "memory");
}

}  // namespace unicore::entropy
