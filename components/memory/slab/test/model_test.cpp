// SPDX-License-Identifier: BSD-3-Clause
// Random operations against a model. UNICORE_SEED=n repeats a run.
#include "../../heap/test/fake_pages.hpp"

#include <unicore/memory/slab.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>

namespace unicore::memory::slab {
namespace {

using test::fake_pages;

template <std::size_t size>
struct Object {
    explicit Object(std::uint8_t tag) noexcept { std::fill_n(body, size, tag); }
    std::uint8_t body[size];
};

template <std::size_t size>
void exercise(std::uint64_t seed, std::size_t spares) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    const std::size_t before = fake_pages.taken;
    {
        Cache<Object<size>> cache(spares);
        std::map<Object<size>*, std::uint8_t> live;
        std::size_t failures = 0;
        std::size_t peak = 0;
        const auto destroy = [&](auto found) {
            REQUIRE(std::ranges::all_of(found->first->body, [&](std::uint8_t byte) { return byte == found->second; }));
            cache.destroy(found->first);
            live.erase(found);
        };
        for (int round = 0; round < 6'000; ++round) {
            const bool filling = round / 500 % 2 == 0;
            if (live.empty() || below(10) < (filling ? 7U : 3U)) {
                const auto tag = static_cast<std::uint8_t>(random());
                const auto object = cache.create(tag);
                if (!object) {
                    REQUIRE(object.error() == Error::out_of_memory);
                    ++failures;
                    continue;
                }
                const auto [place, fresh] = live.emplace(*object, tag);
                REQUIRE(fresh);
                if (place != live.begin()) REQUIRE(std::prev(place)->first + 1 <= place->first);
                if (std::next(place) != live.end()) REQUIRE(place->first + 1 <= std::next(place)->first);
                peak = std::max(peak, live.size());
            } else {
                auto found = live.lower_bound(live.begin()->first + below(5000));
                destroy(found == live.end() ? live.begin() : found);
            }
            if (below(500) == 0) cache.shrink();
            const Statistics now = cache.statistics();
            REQUIRE((now.objects == live.size() && now.peak == peak && now.failures == failures));
            REQUIRE(now.spares <= spares);
            REQUIRE(fake_pages.taken - before == now.slabs * now.slab_pages.value);
        }
        while (!live.empty()) destroy(live.begin());
    }
    REQUIRE(fake_pages.taken == before);
}

}  // namespace

TEST_CASE("memory.slab: random operations agree with the model") {
    const char* const given = std::getenv("UNICORE_SEED");
    const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 0) : std::random_device{}();
    INFO("UNICORE_SEED=" << seed);
    test::reset_fake_pages();
    SECTION("small objects") { exercise<24>(seed, 1); }
    SECTION("large objects, and no spare slab") { exercise<3000>(seed, 0); }
    SECTION("little memory") {
        fake_pages.limit = fake_pages.taken + 40;
        exercise<700>(seed, 3);
    }
    SECTION("pages that cannot be had one time in two") {
        std::minstd_rand coin(static_cast<unsigned>(seed));
        fake_pages.refuse = [&](std::size_t) { return coin() % 2 == 0; };
        exercise<100>(seed, 2);
    }
    test::reset_fake_pages();
}

}  // namespace unicore::memory::slab
