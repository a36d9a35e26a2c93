// SPDX-License-Identifier: BSD-3-Clause
// Functions that say anything at any time, under the sanitizers: all comes to an end, in an error or a value.
#include "fake_space.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace unicore::bus::pci;
using unicore::test::fakes;

TEST_CASE("functions that say anything") {
    std::mt19937 generator(1717);
    const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
    unsigned found = 0, mapped = 0;
    for (int round = 0; round < 200; ++round) {
        fakes = {};
        fakes.windows = {{.base = 0x1000'0000, .physical = 0x1000'0000, .size = 0xe000'0000, .prefetchable = false,
                          .free = round % 2 == 0}};
        for (unsigned left = 1 + random() % 20; left != 0; --left) {
            auto& fake = fakes[{random() % 4 == 0 ? random() % 256 : 0, random() % 32, random() % 4}];
            fake.writable.fill(UINT32_MAX);
            for (auto& word : fake.words) word = random() % 4 == 0 ? random() : word;
            if (random() % 2 == 0) continue;
            fake.lies = [seed = random()](unsigned) mutable -> std::optional<std::uint32_t> {
                std::mt19937 own(seed++);
                if (own() % 3 != 0) return std::nullopt;
                return own() % 5 == 0 ? UINT32_MAX : static_cast<std::uint32_t>(own());
            };
        }
        auto walk = Walk::create().value();
        while (const auto function = walk.next()) {
            REQUIRE(++found < 100'000);
            unsigned capabilities = 0;
            for (Capabilities list(*function); list.next();) REQUIRE(++capabilities <= 48);
            static_cast<void>(function->enable());
            for (unsigned i = 0; i < 7; ++i)
                if (const auto bar = function->bar(i)) {
                    CHECK((bar->size & (bar->size - 1)) == 0);
                    CHECK(bar->size != 0);
                    if (map(*bar, random() % 4 == 0 ? random() : 0, random() % 4 == 0 ? random() : 16)) ++mapped;
                }
        }
        for (const auto& range : fakes.mapped) {
            CHECK(range.base >= 0x1000'0000);
            CHECK(range.end() <= 0xf000'0000);
        }
    }
    CHECK(found > 100);
    CHECK(mapped > 20);
}
