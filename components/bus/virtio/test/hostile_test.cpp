// SPDX-License-Identifier: BSD-3-Clause
// A device that writes anything anywhere it can, under the sanitizers: nothing but errors and answers come of it.
#include "fake_device.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>

using namespace unicore::bus::virtio;
using unicore::Error;
using unicore::test::FakeQueue;

namespace {

/// A driver that notes what the device has, and a device that does what chance says.
class Game {
public:
    /// `everywhere`: not in the used ring only, but in what the device has no business to write, too.
    Game(unsigned seed, bool everywhere, Rings rings) : random_(seed), everywhere_(everywhere), rings_(rings) {}

    void play() {
        for (unsigned step = 0; step < 400 && !broken_; ++step) {
            if (chance(3)) drive();
            if (chance(3)) answer();
            if (chance(8)) disturb();
            collect();
        }
    }
    unsigned answers() const { return answers_; }
    bool broken() const { return broken_; }

private:
    bool chance(unsigned of) { return random_() % of == 0; }

    void drive() {
        std::vector<Buffer> buffers(1 + random_() % 3);
        std::uint32_t writable = 0;
        for (Buffer& buffer : buffers) {
            const auto part = std::span(memory_).subspan(random_() % 1024, 1 + random_() % 512);
            buffer = writable != 0 || chance(2) ? Buffer::to_write(part) : Buffer::to_read(part);
            if (buffer.for_device_to_write) writable += buffer.size;
        }
        const auto id = queue_.add(buffers);
        if (!id) {
            REQUIRE((id.error() == Error::busy || id.error() == Error::device_error));
            return;
        }
        REQUIRE(*id < slots_.size());
        device_.know(*id, buffers.size());
        REQUIRE(outstanding_.emplace(*id, writable).second);
    }

    /// Of an honest device, which does not look into descriptors that it has spoilt itself.
    void answer() {
        if (outstanding_.empty()) return;
        const auto& [id, writable] = *outstanding_.begin();
        device_.finish(id, random_() % (writable + 1));
    }

    void disturb() {
        const auto target = everywhere_ ? device_.everything() : device_.used_ring();
        for (unsigned left = 1 + random_() % 8; left > 0; --left)
            target[random_() % target.size()] = static_cast<std::byte>(chance(2) ? random_() % 8 : random_());
    }

    void collect() {
        queue_.wants_notification();
        queue_.await_used();
        for (unsigned left = 2 * static_cast<unsigned>(slots_.size());; --left) {
            REQUIRE(left > 0);
            const auto used = queue_.take_used();
            if (!used) {
                REQUIRE(used.error() == Error::device_error);
                broken_ = true;
                REQUIRE(queue_.add(std::array{Buffer::to_write(memory_)}).error() == Error::device_error);
                return;
            }
            if (!*used) return;
            const auto found = outstanding_.find((*used)->request);
            REQUIRE(found != outstanding_.end());
            REQUIRE((*used)->written <= found->second);
            outstanding_.erase(found);
            ++answers_;
        }
    }

    std::mt19937 random_;
    bool everywhere_;
    Rings rings_;
    std::vector<Slot> slots_ = std::vector<Slot>(std::size_t{4} << random_() % 4);
    Queue queue_ = Queue::create(slots_, rings_).value();
    FakeQueue device_{queue_.layout(), queue_.size(), rings_};
    std::vector<std::byte> memory_ = std::vector<std::byte>(2048);
    std::map<std::uint16_t, std::uint32_t> outstanding_;
    unsigned answers_ = 0;
    bool broken_ = false;
};

}  // namespace

TEST_CASE("a hostile device breaks its queue and nothing else") {
    unsigned answers = 0, broken = 0;
    for (unsigned seed = 0; seed < 1500; ++seed) {
        INFO("seed " << seed);
        Game game(seed, seed % 2 == 0, std::array{Rings::split, Rings::split_event_index, Rings::packed}[seed / 2 % 3]);
        game.play();
        answers += game.answers();
        broken += game.broken();
    }
    CHECK(answers > 1500);  // it got somewhere
    CHECK(broken > 750);
    CHECK(unicore::test::taken_pages == 0);
}
