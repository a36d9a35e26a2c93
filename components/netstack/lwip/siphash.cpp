// SPDX-License-Identifier: BSD-3-Clause
#include "siphash.hpp"

#include <bit>

namespace unicore::netstack::lwip {
namespace {

/// Little-endian, 8 bytes or less. [2.2]
std::uint64_t word(std::span<const std::byte> bytes) noexcept {
    if (bytes.size() == 8 && std::endian::native == std::endian::little) {
        struct [[gnu::packed, gnu::may_alias]] Anywhere {
            std::uint64_t value;
        };
        return reinterpret_cast<const Anywhere*>(bytes.data())->value;
    }
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- != 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    return value;
}

struct State {
    std::uint64_t v0, v1, v2, v3;

    void round() noexcept {  // [figure 2.1]
        v0 += v1, v1 = std::rotl(v1, 13), v1 ^= v0, v0 = std::rotl(v0, 32);
        v2 += v3, v3 = std::rotl(v3, 16), v3 ^= v2;
        v0 += v3, v3 = std::rotl(v3, 21), v3 ^= v0;
        v2 += v1, v1 = std::rotl(v1, 17), v1 ^= v2, v2 = std::rotl(v2, 32);
    }
    void take(std::uint64_t message) noexcept {
        v3 ^= message;
        round(), round();
        v0 ^= message;
    }
};

}  // namespace

std::uint64_t siphash(const std::array<std::uint64_t, 2>& key, std::span<const std::byte> message) noexcept {
    State state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
                key[1] ^ 0x7465646279746573};
    const std::uint64_t length = message.size();
    for (; message.size() >= 8; message = message.subspan(8)) state.take(word(message.first(8)));
    state.take(word(message) | length << 56);
    state.v2 ^= 0xff;
    for (int i = 0; i < 4; ++i) state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace unicore::netstack::lwip
