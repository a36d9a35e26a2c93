// SPDX-License-Identifier: BSD-3-Clause
#include "../siphash.hpp"

#include <catch2/catch.hpp>

#include <array>

TEST_CASE("SipHash of the paper's example") {  // [appendix A]: key 00 … 0f, message 00 … 0e
    std::array<std::byte, 15> message;
    for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::byte>(i);
    const std::array<std::uint64_t, 2> key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
    CHECK(unicore::netstack::lwip::siphash(key, message) == 0xa129ca6149be45e5);
    CHECK(unicore::netstack::lwip::siphash(key, {}) == 0x726fdb47dd0e0e31);
}
