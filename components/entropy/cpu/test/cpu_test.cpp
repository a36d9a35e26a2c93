// SPDX-License-Identifier: BSD-3-Clause
#include "../cpu.hpp"

#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace unicore::entropy::cpu {
Result<void> start() noexcept;
}

using unicore::Error;
using unicore::arch::Random;
using unicore::arch::RandomKind;
using unicore::entropy::cpu::Cpu;

namespace {

std::string messages;
std::function<bool(std::uint64_t&)> cpu_draws;
RandomKind drawn_kind;
unsigned draws;

bool draw(RandomKind kind, std::uint64_t& word) noexcept {
    ++draws;
    drawn_kind = kind;
    return cpu_draws(word);
}

/// A CPU that has `kind` and draws with `function`; words are 0x1111… times 1, 2, 3 unless told.
void set_cpu(RandomKind kind, std::function<bool(std::uint64_t&)> function = {}) {
    static std::uint64_t counter;
    counter = 0;
    if (!function) function = [](std::uint64_t& word) { return word = ++counter * 0x1111'1111'1111'1111, true; };
    cpu_draws = std::move(function);
    draws = 0;
    Random::test_kind = kind;
    Random::test_draw = draw;
}

}  // namespace

void unicore::platform::early_write(std::string_view text) noexcept { messages += text; }

using Words = std::array<std::uint64_t, 3>;

TEST_CASE("reading fills every byte, whatever the size") {
    for (std::size_t size = 0; size < 40; ++size) {
        set_cpu(RandomKind::source);
        std::vector<std::byte> bytes(size + 1, std::byte{0xee});
        Cpu cpu(RandomKind::source);
        REQUIRE(cpu.read(std::span(bytes).first(size)).has_value());
        for (std::size_t i = 0; i < size; ++i) REQUIRE(bytes[i] == std::byte((i / 8 + 1) * 0x11));
        REQUIRE(bytes[size] == std::byte{0xee});
    }
    CHECK(drawn_kind == RandomKind::source);
}

TEST_CASE("no word that was given away stays in the source") {
    set_cpu(RandomKind::generator);
    Words words;
    Cpu cpu(RandomKind::generator);
    REQUIRE(cpu.read(std::as_writable_bytes(std::span(words))).has_value());
    CHECK(drawn_kind == RandomKind::generator);
    std::array<std::byte, sizeof cpu> state;
    std::memcpy(state.data(), static_cast<const void*>(&cpu), sizeof cpu);
    for (const std::uint64_t word : words) {
        const auto needle = std::as_bytes(std::span(&word, 1));
        CHECK(std::ranges::search(state, needle).empty());
    }
}

TEST_CASE("a CPU that has nothing ready is asked again, within bounds") {
    unsigned calls = 0;
    set_cpu(RandomKind::source, [&](std::uint64_t& word) { return word = calls, ++calls % 100 == 0; });
    Words words;
    CHECK(Cpu(RandomKind::source).read(std::as_writable_bytes(std::span(words))).has_value());
    CHECK(words == Words{99, 199, 299});

    set_cpu(RandomKind::source, [](std::uint64_t&) { return false; });
    CHECK(Cpu(RandomKind::source).read(std::as_writable_bytes(std::span(words))).error() == Error::device_error);
    CHECK(draws <= 1000);
    CHECK_FALSE(Cpu(RandomKind::source).works());
}

TEST_CASE("a CPU that repeats itself is found out") {
    for (const std::uint64_t stuck : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{42}}) {
        set_cpu(RandomKind::generator, [=](std::uint64_t& word) { return word = stuck, true; });
        Words words;
        CHECK(Cpu(RandomKind::generator).read(std::as_writable_bytes(std::span(words))).error() == Error::device_error);
        CHECK_FALSE(Cpu(RandomKind::generator).works());
    }
    for (unsigned circle = 2; circle < 8; ++circle) {
        set_cpu(RandomKind::generator,
                [=, i = 0u](std::uint64_t& word) mutable { return word = 77 + i++ % circle, true; });
        CHECK_FALSE(Cpu(RandomKind::generator).works());
    }
    set_cpu(RandomKind::generator);
    CHECK(Cpu(RandomKind::generator).works());
}

// One case: what was added stays.
TEST_CASE("only a generator that works becomes a source") {
    const auto count = [] {
        return std::distance(unicore::entropy::sources().begin(), unicore::entropy::sources().end());
    };
    const auto before = count();

    set_cpu(RandomKind::none);
    CHECK(unicore::entropy::cpu::start().has_value());
    CHECK(draws == 0);
    CHECK(count() == before);
    CHECK(messages == "");

    set_cpu(RandomKind::generator, [](std::uint64_t& word) { return word = ~std::uint64_t{0}, true; });
    CHECK(unicore::entropy::cpu::start().has_value());
    CHECK(count() == before);
    CHECK(messages.find("repeats itself") != messages.npos);

    set_cpu(RandomKind::source);
    CHECK(unicore::entropy::cpu::start().has_value());
    REQUIRE(count() == before + 1);
    CHECK(unicore::entropy::sources().back().name() == "entropy.cpu");
}
