// SPDX-License-Identifier: BSD-3-Clause
#include "../lines.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using unicore::Error;
using unicore::interrupts::Handler;

namespace {

struct Cpu {
    static inline std::uint32_t asking, open;
    static std::uint32_t pending() { return asking; }
    static std::uint32_t mask() { return open; }
    static void set_mask(std::uint32_t bits) { open = bits; }
};

struct Machine {
    Machine() { Cpu::asking = Cpu::open = 0; }
    unicore::interrupts::mips::Lines<Cpu> lines;
    std::string log;
};

constexpr Handler note_a = [](void* log) noexcept { *static_cast<std::string*>(log) += 'a'; };
constexpr Handler note_b = [](void* log) noexcept { *static_cast<std::string*>(log) += 'b'; };

}  // namespace

TEST_CASE_METHOD(Machine, "a specifier is one number below eight") {
    using List = std::array<std::uint32_t, 1>;
    CHECK(lines.number(List{0}) == 0u);
    CHECK(lines.number(List{7}) == 7u);
    CHECK(lines.number(List{8}).error() == Error::invalid_argument);
    CHECK(lines.number(List{0xffff'ffff}).error() == Error::invalid_argument);
    CHECK(lines.number({}).error() == Error::invalid_argument);
    CHECK(lines.number(std::array<std::uint32_t, 2>{1, 1}).error() == Error::invalid_argument);
}

TEST_CASE_METHOD(Machine, "a line is open while somebody has it") {
    REQUIRE(lines.take(7, note_a, &log));
    CHECK(Cpu::open == 0x80);
    REQUIRE(lines.take(2, note_b, &log));
    CHECK(Cpu::open == 0x84);
    lines.release(7);
    CHECK(Cpu::open == 0x04);
}

TEST_CASE_METHOD(Machine, "a line has one owner at a time") {
    REQUIRE(lines.take(7, note_a, &log));
    CHECK(lines.take(7, note_b, &log).error() == Error::busy);
    lines.release(7);
    CHECK(lines.take(7, note_b, &log));
}

TEST_CASE_METHOD(Machine, "who asks and is let in is handled, nobody else") {
    REQUIRE(lines.take(7, note_a, &log));
    REQUIRE(lines.take(2, note_b, &log));
    Cpu::asking = 0x80;
    lines.handle();
    CHECK(log == "a");
    Cpu::asking = 0xff;
    lines.handle();
    CHECK(log == "aba");
    lines.release(2);
    lines.handle();
    CHECK(log == "abaa");
    Cpu::asking = 0;
    lines.handle();
    CHECK(log == "abaa");
}

TEST_CASE_METHOD(Machine, "a line that somebody else opened has no handler, and that is all") {
    Cpu::asking = Cpu::open = 0x08;
    lines.handle();
    CHECK(log.empty());
}
