// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/mips/prologue.hpp>
#include <unicore/arch/mips/stores.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>

using namespace unicore::arch::mips;

namespace {

using Word = std::uint32_t;

/// As LLVM 19 compiles `int f(int x) { return g(x) + 1; }`, behind the end of another function.
constexpr Word code[] = {
    0x03e00008,  //  0 jr $ra
    0x27bd0020,  //  1 addiu $sp, $sp, 32
    0x27bdffe8,  //  2 addiu $sp, $sp, -24
    0xafbf0014,  //  3 sw $ra, 20($sp)
    0xafbe0010,  //  4 sw $fp, 16($sp)
    0x03a0f025,  //  5 move $fp, $sp
    0x0c100000,  //  6 jal g
    0x00000000,  //  7 nop
    0x24420001,  //  8 addiu $v0, $v0, 1
    0x03c0e825,  //  9 move $sp, $fp
    0x8fbe0010,  // 10 lw $fp, 16($sp)
    0x8fbf0014,  // 11 lw $ra, 20($sp)
    0x03e00008,  // 12 jr $ra
    0x27bd0018,  // 13 addiu $sp, $sp, 24
};

std::optional<Prologue> before(std::size_t instruction) { return read_prologue(code, code + instruction); }

bool stores_word(Word word, Word next = 0) {
    const std::array words{word, next};
    return stores(words.data());
}

}  // namespace

TEST_CASE("a prologue says where a function keeps what it returns to") {
    for (std::size_t instruction = 6; instruction <= std::size(code); ++instruction) {
        const auto found = before(instruction);
        REQUIRE(found);
        CHECK(found->return_address == 20);
        CHECK(found->frame_pointer == 16);
        CHECK(found->framed);
    }
}

TEST_CASE("in a prologue, only what was done before counts") {
    CHECK_FALSE(before(3)->return_address);
    CHECK(before(4)->return_address == 20);
    CHECK_FALSE(before(4)->frame_pointer);
    CHECK(before(5)->frame_pointer == 16);
    CHECK_FALSE(before(5)->framed);
}

TEST_CASE("nothing is read below the first instruction") {
    for (std::size_t instruction = 0; instruction <= 2; ++instruction) CHECK_FALSE(before(instruction));
    CHECK_FALSE(read_prologue(code + 3, code + 8));
    CHECK_FALSE(read_prologue(code + 8, code + 3));
}

TEST_CASE("a search ends") {
    std::array<Word, 40000> words{};
    words[0] = 0x27bdffe8;
    CHECK_FALSE(read_prologue(words.data(), words.data() + words.size()));
    CHECK(read_prologue(words.data(), words.data() + 1000));
}

TEST_CASE("stores are told from loads") {
    for (const Word opcode : {0x28, 0x29, 0x2a, 0x2b, 0x2e, 0x38, 0x39, 0x3d}) CHECK(stores_word(opcode << 26));
    for (const Word opcode : {0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x30, 0x31, 0x35, 0x09}) CHECK_FALSE(stores_word(opcode << 26));
}

TEST_CASE("an access in a delay slot is known by the branch before it") {
    constexpr Word store = Word{0x2b} << 26, load = Word{0x23} << 26;
    for (const Word branch : {0x03e00008U, 0x0320f809U, 0x0c100000U, 0x08100000U, 0x10400003U, 0x14400003U, 0x04400003U}) {
        CHECK(stores_word(branch, store));
        CHECK_FALSE(stores_word(branch, load));
    }
    CHECK_FALSE(stores_word(0x00000000, store));
}
