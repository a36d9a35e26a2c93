// SPDX-License-Identifier: BSD-3-Clause
#include "../../../base/test/child.hpp"
#include "../../../memory/heap/test/fake_pages.hpp"

#include <unicore/net/pool.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <set>
#include <vector>

using namespace unicore::net;
using unicore::Error;
using unicore::page_size;
using unicore::test::fake_pages;

TEST_CASE("a pool has what was asked for, each once") {
    unicore::test::reset_fake_pages();
    Pool pool;
    REQUIRE(pool.open(64).has_value());
    std::vector<Packet> packets;
    std::set<std::byte*> places;
    std::set<unsigned> numbers;
    for (int i = 0; i < 64; ++i) {
        auto packet = pool.take(16);
        REQUIRE(packet.has_value());
        Buffer& buffer = packet->first();
        CHECK(buffer.size == 0);
        CHECK(buffer.room_in_front() == 16);
        CHECK(buffer.room_behind() == 2032);
        CHECK(reinterpret_cast<std::uintptr_t>(buffer.begin) % 2048 == 0);  // so it crosses no page
        places.insert(buffer.begin);
        numbers.insert(buffer.number);
        packets.push_back(std::move(*packet));
    }
    CHECK(places.size() == 64);
    CHECK(numbers.size() == 64);
    CHECK(*numbers.rbegin() == 63);
    CHECK(pool.take().error() == Error::busy);
    CHECK(pool.take_buffer() == nullptr);
    CHECK(pool.statistics().failures == 2);
    CHECK(pool.statistics().free == 0);
    packets.clear();
    CHECK(pool.statistics().free == 64);
    CHECK(pool.statistics().least == 0);
    CHECK(pool.take().has_value());
}

TEST_CASE("memory that is not there is an error, and nothing is kept") {
    unicore::test::reset_fake_pages();
    const std::size_t before = fake_pages.taken;
    for (std::size_t limit : {0, 31, 32}) {  // none; not enough for buffers; not for their descriptions
        fake_pages.limit = before + limit;
        Pool pool;
        CHECK(pool.open(64).error() == Error::out_of_memory);
        CHECK(fake_pages.taken == before);
        CHECK(pool.take().error() == Error::busy);
    }
    unicore::test::reset_fake_pages();
    Pool pool;
    CHECK(pool.open(UINT32_MAX, page_size).error() == Error::out_of_memory);
}

TEST_CASE("what is known of a packet is forgotten at its end") {
    unicore::test::reset_fake_pages();
    Pool pool;
    REQUIRE(pool.open(1, 64).has_value());
    {
        Packet packet = *pool.take();
        packet.offload() = {.checksum = Offload::Checksum::partial, .checksum_start = 34, .checksum_offset = 16};
        packet.first().size = 3;
    }
    Packet packet = *pool.take();
    CHECK(packet.offload() == Offload{});
    CHECK(packet.size() == 0);
}

TEST_CASE("a second end of a packet is noticed") {
    unicore::test::reset_fake_pages();
    const auto ending = unicore::test::in_child([] {
        Pool pool;
        if (!pool.open(2)) return;
        Buffer& buffer = *pool.take_buffer();
        pool.take_back(buffer);
        pool.take_back(buffer);
    });
    CHECK(ending.status != 0);
    CHECK_THAT(ending.output, Catch::Contains("pool.cpp"));
}

TEST_CASE("packets come and go in any order") {
    unicore::test::reset_fake_pages();
    Pool pool;
    REQUIRE(pool.open(40, 256).has_value());
    std::mt19937 random(20261127);
    std::vector<Packet> packets;
    for (int step = 0; step < 20'000; ++step) {
        if (packets.empty() || (random() % 2 == 0 && packets.size() < 40)) {
            auto packet = pool.take();
            REQUIRE(packet.has_value());
            packet->first().data[0] = static_cast<std::byte>(packet->first().number);
            packet->first().size = 1;
            packets.push_back(std::move(*packet));
        } else {
            const std::size_t index = random() % packets.size();
            std::swap(packets[index], packets.back());
            CHECK(packets.back().bytes()[0] == static_cast<std::byte>(packets.back().first().number));
            packets.pop_back();
        }
        REQUIRE(pool.statistics().free == 40 - packets.size());
    }
}
