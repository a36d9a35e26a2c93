// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/arm/stores.hpp>

#include <catch2/catch.hpp>

#include <cstdint>

using unicore::arch::arm::stores;

namespace {

using Word = std::uint32_t;

constexpr Word writing[] = {
    0xe5810000,  // str r0, [r1]
    0xe5c10001,  // strb r0, [r1, #1]
    0xe1c100b0,  // strh r0, [r1]
    0xe1c200f0,  // strd r0, r1, [r2]
    0xe7810002,  // str r0, [r1, r2]
    0xe92d0003,  // push {r0, r1}
    0xe4810004,  // str r0, [r1], #4
    0xe8800006,  // stm r0, {r1, r2}
    0xed800b00,  // vstr d0, [r0]
    0xed2d0b02,  // vpush {d0}
    0xf400078f,  // vst1.32 {d0}, [r0]
    0xe1820f91,  // strex r0, r1, [r2]
    0xe1020091,  // swp r0, r1, [r2]
};

constexpr Word others[] = {
    0xe5910000,  // ldr r0, [r1]
    0xe5d10001,  // ldrb r0, [r1, #1]
    0xe1d100b0,  // ldrh r0, [r1]
    0xe1d100d0,  // ldrsb r0, [r1]
    0xe1c200d0,  // ldrd r0, r1, [r2]
    0xe7910002,  // ldr r0, [r1, r2]
    0xe8bd0003,  // pop {r0, r1}
    0xe8900006,  // ldm r0, {r1, r2}
    0xed900b00,  // vldr d0, [r0]
    0xf420078f,  // vld1.32 {d0}, [r0]
    0xe1921f9f,  // ldrex r1, [r2]
    0xe0000291,  // mul r0, r1, r2
    0xe0810312,  // add r0, r1, r2, lsl r3
    0xe0810392,  // umull r0, r1, r2, r3
    0xe6af0071,  // sxtb r0, r1
    0xebfffffe,  // bl .
};

}  // namespace

TEST_CASE("stores are told from everything else") {
    for (const Word& word : writing) {
        CAPTURE(&word - writing);
        CHECK(stores(&word));
    }
    for (const Word& word : others) {
        CAPTURE(&word - others);
        CHECK_FALSE(stores(&word));
    }
}
