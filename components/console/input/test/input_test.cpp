// SPDX-License-Identifier: BSD-3-Clause
#include "../../../sched/test/fake_time.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/result.hpp>
#include <unicore/console.hpp>
#include <unicore/console/input.hpp>
#include <unicore/console/source.hpp>
#include <unicore/power.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <string>

using namespace unicore;
using namespace std::chrono_literals;
using console::Source;
using console::input::at_once;
using console::input::read_until;

namespace {

/// What a driver has, with characters that come when a test wants.
class Fake final : public Source {
public:
    using Source::Source;

    Result<void> open() noexcept override {
        ++opened;
        return broken ? Result<void>(unexpected(Error::not_found)) : Result<void>();
    }
    bool pending() noexcept override {
        CHECK(unicore::test::masked());
        ++looks;
        return !text.empty() || ended;
    }
    Taken take(std::span<char> into) noexcept override {
        const std::size_t size = std::min(into.size(), text.size());
        std::memcpy(into.data(), text.data(), size);
        text.erase(0, size);
        return {.size = size, .ended = size == 0 && ended};
    }
    void comes(time::Duration in, std::string what) {
        unicore::test::interrupt_at(unicore::test::virtual_now() + in, [this, what] {
            text += what;
            if (look_every == never_looks) console::arrived();
        });
    }

    std::string text;
    bool ended = false, broken = false;
    unsigned opened = 0, looks = 0;
};

Fake keyboard{Source::Kind::line}, polled{Source::Kind::line}, piped{Source::Kind::text}, broken{Source::Kind::text};

std::string read(time::Instant deadline = time::never) {
    char text[64];
    const auto taken = read_until(text, deadline);
    return taken ? std::string(text, *taken) : "error: " + std::string(to_string(taken.error()));
}

}  // namespace

// One case: sources are opened once in the life of an image, so the order matters.
TEST_CASE("input through an image's life") {
    for (Fake* fake : {&keyboard, &polled, &piped, &broken}) add(*fake);
    polled.look_every = 10ms;
    broken.broken = broken.ended = true;
    char nothing[1];
    CHECK(read_until(std::span(nothing, 0), time::never).value() == 0);
    CHECK(keyboard.opened == 0);

    // What does not wait returns at once, and the first one opens all.
    CHECK(read(at_once) == "error: timed out");
    CHECK(unicore::test::counts().idles == 0);
    for (Fake* fake : {&keyboard, &polled, &piped, &broken}) CHECK(fake->opened == 1);
    CHECK(!console::input::ready());
    CHECK(console::input::look_every() == 10ms);

    // A line is waited for until it ends, whatever comes between.
    keyboard.comes(1ms, "a");
    keyboard.comes(2ms, "b\rcd");
    CHECK(read() == "ab\n");
    CHECK(keyboard.text == "cd");  // stays where it is
    CHECK(!console::input::ready());
    keyboard.comes(1ms, "\r");
    CHECK(read() == "cd\n");

    // One that does not interrupt is looked at, as often as it says.
    const unsigned idles = unicore::test::counts().idles;
    polled.comes(95ms, "x\r");
    CHECK(read() == "x\n");
    CHECK(unicore::test::counts().idles - idles <= 12);

    // A deadline.
    const auto before = unicore::test::virtual_now();
    CHECK(read(before + 25ms) == "error: timed out");
    CHECK(unicore::test::virtual_now() == before + 25ms);

    // Text is taken as it is, and more than one read takes it.
    piped.comes(1ms, "\x04\b\rtext");
    CHECK(read() == "\x04\b\rtext");
    piped.text = "12";
    CHECK(console::input::ready());
    CHECK(read_until(nothing, time::never).value() == 1);
    CHECK(read() == "2");

    // The end is one read's, of either kind.
    keyboard.text = "\x04y\r";
    CHECK(console::input::ready());
    CHECK(console::input::available() == 0);
    CHECK(read() == "");
    CHECK(console::input::available() == 2);
    CHECK(console::read(nothing).value() == 1);
    CHECK(nothing[0] == 'y');
    CHECK(read() == "\n");
    piped.ended = true;
    CHECK(read() == "");
    piped.ended = false;

    // What only somebody else may tell of.
    struct Counting : console::ArrivalHook {
        unsigned count = 0;
    } hook, other;
    hook.run = other.run = [](console::ArrivalHook& self) noexcept { ++static_cast<Counting&>(self).count; };
    console::add(hook);
    console::add(other);
    console::arrived();
    console::remove(hook);
    console::arrived();
    console::remove(other);
    CHECK(hook.count == 1);
    CHECK(other.count == 2);

    // A stop request ends a wait, and not what is there.
    unicore::test::interrupt_at(unicore::test::virtual_now() + 1ms, [] { power::request_stop(); });
    CHECK(read() == "error: stopped");
    keyboard.text = "z\r";
    CHECK(read() == "z\n");
    CHECK(unicore::test::counts().hangs == 0);
    CHECK(!unicore::test::counts().unmasked);
}
