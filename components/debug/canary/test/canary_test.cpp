// SPDX-License-Identifier: BSD-3-Clause
#include "../seed/seed.hpp"

#include <unicore/arch/random.hpp>

#include <catch2/catch.hpp>

#include <set>

namespace canary = unicore::debug::canary;
using unicore::arch::Random;
using unicore::arch::RandomKind;

namespace {
constinit std::uint64_t drawn = 0;
constinit int asked = 0;
}  // namespace

TEST_CASE("words that differ give guards that differ, and no guard is easy to write") {
    std::set<std::uintptr_t> guards;
    for (std::uint64_t word = 0; word < 1000; ++word) {
        const std::uintptr_t guard = canary::guard_of(word);
        CHECK((guard & 0xff) == 0);
        guards.insert(guard);
    }
    CHECK(guards.size() == 1000);
}

TEST_CASE("a seed asks the CPU, again when it has nothing, and not for ever") {
    Random::test_kind = RandomKind::generator;
    Random::test_draw = [](RandomKind, std::uint64_t& word) noexcept {
        ++asked;
        word = drawn;
        return asked == 3;
    };
    asked = 0;
    drawn = 0x1234;
    CHECK(canary::seed() != canary::seed());
    asked = 0;
    static_cast<void>(canary::seed());
    CHECK(asked == 3);
    asked = 3;
    static_cast<void>(canary::seed());
    CHECK(asked == 13);
    Random::test_kind = RandomKind::none;
    asked = 0;
    static_cast<void>(canary::seed());
    CHECK(asked == 0);
}
