// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/aarch64/stores.hpp>

#include <catch2/catch.hpp>

#include <cstdint>

using unicore::arch::aarch64::stores;

namespace {

using Word = std::uint32_t;

constexpr Word writing[] = {
    0xf9000020,  // str x0, [x1]
    0x39000420,  // strb w0, [x1, #1]
    0x78226820,  // strh w0, [x1, x2]
    0xb8004420,  // str w0, [x1], #4
    0xf8008c20,  // str x0, [x1, #8]!
    0xf81ff020,  // stur x0, [x1, #-1]
    0xa9bf07e0,  // stp x0, x1, [sp, #-16]!
    0xad000400,  // stp q0, q1, [x0]
    0x3d800020,  // str q0, [x1]
    0x3ca26820,  // str q0, [x1, x2]
    0xfd000420,  // str d0, [x1, #8]
    0xc8007c41,  // stxr w0, x1, [x2]
    0x889ffc20,  // stlr w0, [x1]
    0x4c007800,  // st1 {v0.4s}, [x0]
    0xf8208041,  // swp x0, x1, [x2]
    0xf8200041,  // ldadd x0, x1, [x2]
    0xf8000820,  // sttr x0, [x1]
};

constexpr Word others[] = {
    0xf9400020,  // ldr x0, [x1]
    0x39400420,  // ldrb w0, [x1, #1]
    0xb8a26820,  // ldrsw x0, [x1, x2]
    0x39800020,  // ldrsb x0, [x1]
    0xb8404420,  // ldr w0, [x1], #4
    0xf85ff020,  // ldur x0, [x1, #-1]
    0xa8c107e0,  // ldp x0, x1, [sp], #16
    0x3dc00020,  // ldr q0, [x1]
    0xfd400420,  // ldr d0, [x1, #8]
    0xc85f7c41,  // ldxr x1, [x2]
    0x88dffc20,  // ldar w0, [x1]
    0x4c407800,  // ld1 {v0.4s}, [x0]
    0x58000000,  // ldr x0, .
    0x8b020020,  // add x0, x1, x2
    0x14000000,  // b .
    0xd503201f,  // nop
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
