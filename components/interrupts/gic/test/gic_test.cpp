// SPDX-License-Identifier: BSD-3-Clause
#include "../registers.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <map>

using namespace unicore::interrupts::gic;

namespace {

struct Registers {
    std::map<std::uint32_t, std::uint32_t>* words;
    std::uint32_t read(std::uint32_t offset) const { return (*words)[offset]; }
    void write(std::uint32_t offset, std::uint32_t value) const { (*words)[offset] = value; }
    void write8(std::uint32_t offset, std::uint8_t value) const {
        std::uint32_t& word = (*words)[offset & ~3u];
        const unsigned shift = offset % 4 * 8;
        word = (word & ~(0xffu << shift)) | std::uint32_t{value} << shift;
    }
};

std::optional<Input> decoded(std::array<std::uint32_t, 3> cells) { return decode(cells); }

}  // namespace

TEST_CASE("specifiers name the CPU's own lines and shared ones") {
    CHECK(decoded({1, 11, 4})->number == 27);
    CHECK_FALSE(decoded({1, 11, 4})->edge);
    CHECK(decoded({0, 1, 1})->number == 33);
    CHECK(decoded({0, 1, 1})->edge);
    CHECK_FALSE(decoded({2, 1, 4}));
    CHECK_FALSE(decoded({1, 16, 4}));
    CHECK_FALSE(decoded({0, 988, 4}));
    CHECK(decoded({0, 987, 4})->number == 1019);
    const std::array<std::uint32_t, 1> one{5};
    CHECK_FALSE(decode(one));
}

TEST_CASE("preparing a line touches its own fields only") {
    std::map<std::uint32_t, std::uint32_t> words;
    const Distributor<Registers> distributor{{&words}};
    words[0x400 + 32] = 0x11223344;
    words[0xc00 + 8] = 0xffffffff;
    distributor.prepare({33, false}, false);
    CHECK(words[0x400 + 32] == 0x11228044);
    CHECK(words[0xc00 + 8] == 0xfffffff7);
    CHECK(words[0x184] == 2);
    CHECK(words.count(0x84) == 0);
    distributor.prepare({33, true}, true);
    CHECK(words[0xc00 + 8] == 0xffffffff);
    CHECK(words[0x84] == 2);
    words[0x800 + 32] = 0xffffffff;
    distributor.target_first(33);
    CHECK(words[0x800 + 32] == 0xffff01ff);
    distributor.route(33, 0x12'0000'0304);
    CHECK(words[0x6000 + 33 * 8] == 0x304);
    CHECK(words[0x6000 + 33 * 8 + 4] == 0x12);
    distributor.enable(33);
    CHECK(words[0x104] == 2);
}

TEST_CASE("the trigger of the CPU's own lines is left alone") {
    std::map<std::uint32_t, std::uint32_t> words;
    const Distributor<Registers> distributor{{&words}};
    distributor.prepare({27, true}, false);
    CHECK(words.count(0xc04) == 0);
    CHECK(words[0x418] == 0x80000000);
}
