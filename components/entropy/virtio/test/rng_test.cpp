// SPDX-License-Identifier: BSD-3-Clause
#include "../rng.hpp"

#include "../../../bus/virtio/test/fake_device.hpp"

#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>

namespace unicore::entropy::virtio {
Result<void> start() noexcept;
}

using unicore::Error;
using unicore::test::FakeDevice;
using unicore::test::FakeQueue;
using Source = unicore::entropy::virtio::Rng<FakeDevice::Transport>;
using namespace std::chrono_literals;

namespace {

unicore::time::Instant now;
unicore::time::Duration tick = 1ms;  // from one look at the clock to the next
std::string messages;

/// A device that gives bytes 1, 2, 3 …, `most` at a time, as soon as it is told.
struct World {
    FakeDevice device;
    Source source{device.transport()};
    std::size_t most = 1000;
    std::byte next{1};
    std::vector<FakeQueue::Request> kept;
    bool answers = true;

    explicit World(bool legacy = false) : device(), source((device.legacy = legacy, device.transport())) {
        device.notified = [this](FakeQueue& queue) {
            while (auto request = queue.next()) {
                kept.push_back(*request);
                if (answers) answer();
            }
        };
    }
    void answer() {
        const auto request = kept.back();
        kept.pop_back();
        REQUIRE(request.to_read.empty());
        REQUIRE(request.to_write.size() == 1);
        const auto room = request.to_write[0];
        CHECK(std::ranges::count(room, std::byte{0}) == static_cast<std::ptrdiff_t>(room.size()));
        const std::size_t size = std::min(most, room.size());
        for (std::byte& byte : room.first(size)) {
            byte = next;
            next = static_cast<std::byte>(static_cast<unsigned>(next) % 251 + 1);  // of no period that a word has
        }
        device.queue().finish(request.id, static_cast<std::uint32_t>(size));
    }
};

bool all_zero(std::span<const std::byte> bytes) {
    return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

unicore::time::Instant unicore::time::Monotonic::now() noexcept { return ::now += tick; }
void unicore::platform::early_write(std::string_view text) noexcept { messages += text; }

TEST_CASE("every size is filled, whatever the device gives at a time, and nothing beside it") {
    for (const bool legacy : {false, true})
        for (const std::size_t most : {1UL, 3UL, 8UL, 9UL, 100UL, 1000UL}) {
            World world(legacy);
            world.most = most;
            REQUIRE(world.source.open().has_value());
            for (std::size_t size = 0; size < 700; size += 1 + size / 8) {
                std::vector<std::byte> bytes(size + 2);
                REQUIRE(world.source.read(std::span(bytes).subspan(1, size)).has_value());
                CHECK(std::ranges::count(bytes, std::byte{0}) == 2);
            }
        }
}

TEST_CASE("bytes are given in the device's order, once, and are not kept") {
    World world;
    REQUIRE(world.source.open().has_value());
    std::array<std::byte, 4> first, second;
    REQUIRE(world.source.read(first).has_value());
    REQUIRE(world.source.read(second).has_value());
    CHECK(first == std::array{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}});
    CHECK(second[0] == std::byte{13});  // 8 were for the comparison
    CHECK(world.device.notifications == 2);
}

TEST_CASE("a device that wants no notification gets none") {
    World world;
    REQUIRE(world.source.open().has_value());
    world.device.queue().used_flags() = 1;
    std::array<std::byte, 4> bytes;
    CHECK(world.source.read(bytes).error() == Error::timed_out);
    CHECK(world.device.notifications == 0);
}

TEST_CASE("a device that does not answer in time is an error, and keeps the buffer until it does") {
    World world;
    world.answers = false;
    REQUIRE(world.source.open().has_value());
    std::array<std::byte, 16> bytes{};
    const auto before = now;
    CHECK(world.source.read(bytes).error() == Error::timed_out);
    CHECK(now - before >= unicore::entropy::virtio::patience);
    CHECK(now - before < unicore::entropy::virtio::patience + 10ms);
    CHECK(all_zero(bytes));
    REQUIRE(world.kept.size() == 1);

    // Later reads wait no more, and ask for nothing new.
    const auto after = now;
    CHECK(world.source.read(bytes).error() == Error::timed_out);
    CHECK(now - after < 10ms);
    CHECK(world.kept.size() == 1);
    CHECK(world.device.notifications == 1);

    // The late answer is as good as any; after it all is as before.
    world.answer();
    world.answers = true;
    std::array<std::byte, 64> more{};
    CHECK(world.source.read(more).has_value());
    CHECK(std::ranges::count(more, std::byte{0}) == 0);
    CHECK(more[0] == std::byte{1});
    CHECK(world.device.notifications == 2);

    world.answers = false;
    const auto again = now;
    CHECK(world.source.read(bytes).error() == Error::timed_out);
    CHECK(now - again >= unicore::entropy::virtio::patience);
}

TEST_CASE("an answer that is there at the deadline counts, however late it is looked for") {
    World world;
    REQUIRE(world.source.open().has_value());
    tick = 1h;
    std::array<std::byte, 16> bytes{};
    CHECK(world.source.read(bytes).has_value());
    tick = 1ms;
}

TEST_CASE("nonsense is an error") {
    World world;
    std::array<std::byte, 16> bytes{};
    SECTION("no byte at all") {
        world.most = 0;
        REQUIRE(world.source.open().has_value());
        CHECK(world.source.read(bytes).error() == Error::device_error);
    }
    SECTION("more than there was room for") {
        world.device.notified = [](FakeQueue& queue) { queue.finish(queue.next()->id, 25); };
        REQUIRE(world.source.open().has_value());
        CHECK(world.source.read(bytes).error() == Error::device_error);
        CHECK(world.source.read(bytes).error() == Error::device_error);  // for ever
        CHECK(all_zero(bytes));
    }
    SECTION("an answer that was not written") {
        world.device.notified = [](FakeQueue& queue) { queue.finish(queue.next()->id, 24); };
        REQUIRE(world.source.open().has_value());
        CHECK(world.source.read(bytes).error() == Error::device_error);
        CHECK(world.source.read(bytes).error() == Error::device_error);
    }
    SECTION("the same answer again") {
        world.device.notified = [](FakeQueue& queue) {
            const auto request = *queue.next();
            std::ranges::fill(request.to_write[0], std::byte{7});
            queue.finish(request.id, 24);
        };
        REQUIRE(world.source.open().has_value());
        CHECK(world.source.read(bytes).has_value());
        CHECK(world.source.read(bytes).error() == Error::device_error);
        CHECK(world.source.read(bytes).error() == Error::device_error);
    }
}

TEST_CASE("a device that cannot be used is given up, with nothing of ours in its hands") {
    World world;
    SECTION("no agreement") { world.device.agrees = false; }
    SECTION("no virtio 1") { world.device.offers = 0; }
    SECTION("no queue") { world.device.limit = 0; }
    SECTION("no memory") { unicore::test::pages_left = 1; }
    const bool opened = world.source.open().has_value();
    unicore::test::pages_left = 1000;
    CHECK_FALSE(opened);
    CHECK_FALSE(world.device.has_queue());
    CHECK((world.device.status & unicore::bus::virtio::status_bits::failed) != 0);
}

TEST_CASE("a hostile device ends in errors or bytes, never beside the buffer") {
    std::mt19937 random(77);
    for (int round = 0; round < 300; ++round) {
        World world(round % 2 == 0);
        world.device.notified = [&](FakeQueue& queue) {
            while (const auto request = queue.next()) {
                const auto target = queue.used_ring();
                queue.finish(request->id, random() % (request->to_write[0].size() + 2));
                for (unsigned left = random() % 3; left > 0; --left)
                    target[random() % target.size()] = std::byte(random());
            }
        };
        REQUIRE(world.source.open().has_value());
        for (int reads = 0; reads < 10; ++reads) {
            std::array<std::byte, 48> bytes{};
            const auto outcome = world.source.read(std::span(bytes).subspan(8, 32));
            if (!outcome) CHECK((outcome.error() == Error::device_error || outcome.error() == Error::timed_out));
            CHECK(all_zero(std::span(bytes).first(8)));
            CHECK(all_zero(std::span(bytes).last(8)));
        }
    }
    CHECK(unicore::test::taken_pages == 0);
}

TEST_CASE("a machine without the device has no such source") {
    messages.clear();
    REQUIRE(unicore::entropy::virtio::start().has_value());
    CHECK(unicore::entropy::sources().empty());
    CHECK(messages.empty());
}
