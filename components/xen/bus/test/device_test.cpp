// SPDX-License-Identifier: BSD-3-Clause
// One end, while the test plays the other and the toolstack.
#include "../../store/test/world.hpp"

#include <unicore/xen/bus/device.hpp>

#include <catch2/catch.hpp>

#include <optional>

using namespace unicore;
using namespace unicore::test;
namespace bus = xen::bus;
using bus::State;
using Phase = bus::Device::Phase;

namespace {

struct Recorder final : bus::Driver {
    Result<void> prepare(bus::Device& device) noexcept override {
        calls += 'p';
        REQUIRE(balance == 0);
        if (prepare_error) return unexpected(*prepare_error);
        ++balance;
        return device.write("ring-ref", 8u);
    }
    Result<void> attach(bus::Device&) noexcept override {
        calls += 'a';
        REQUIRE(balance == 1);
        if (attach_error) return unexpected(*attach_error);
        return {};
    }
    void detach(bus::Device&) noexcept override {
        calls += 'd';
        REQUIRE(balance == 1);
        --balance;
    }
    std::string taken() { return std::exchange(calls, {}); }

    std::string calls;
    int balance = 0;
    std::optional<Error> prepare_error, attach_error;
};

/// A front-end in domain 1, whose back-end in domain 2 the test plays.
struct Front : World {
    Front() {
        toolstack();
        boot();
    }
    void toolstack(const char* other_state = "1") {
        tree.write(own("backend"), other);
        tree.write(own("backend-id"), "2");
        tree.write(own("state"), "1");
        tree.permissions(own(""), "n1");
        for (const char* name : {"backend", "backend-id", "state"}) tree.permissions(own(name), "n1");
        tree.write(other + "/state", other_state);
        tree.permissions(other, "n2 r1");
        tree.permissions(other + "/state", "n2 r1");
    }
    static std::string own(const std::string& name) {
        return "/local/domain/1/device/echo/0" + (name.empty() ? "" : "/" + name);
    }
    void other_is(const char* state) {
        tree.write(other + "/state", state);
        settle();
        while (work()) settle();
    }
    std::string shown() { return tree.read(own("state")).value_or("none"); }

    const std::string other = "/local/domain/2/backend/echo/1/0";
    Recorder driver;
    bus::Device device{{bus::Side::front}, store::Path{"device/echo/0"}, driver};
};

/// A back-end in domain 1, whose front-end in domain 2 the test plays.
struct Back : World {
    Back() {
        tree.write(own("frontend"), other);
        tree.write(own("frontend-id"), "2");
        tree.write(own("state"), "1");
        for (const char* name : {"", "frontend", "frontend-id", "state"}) tree.permissions(own(name), "n1");
        tree.write(other + "/state", "1");
        tree.permissions(other + "/state", "n2 r1");
        boot();
    }
    static std::string own(const std::string& name) {
        return "/local/domain/1/backend/echo/2/0" + (name.empty() ? "" : "/" + name);
    }
    void other_is(const char* state) {
        tree.write(other + "/state", state);
        settle();
        while (work()) settle();
    }
    std::string shown() { return tree.read(own("state")).value_or("none"); }

    const std::string other = "/local/domain/2/device/echo/0";
    Recorder driver;
    bus::Device device{{bus::Side::back}, store::Path{"backend/echo/2/0"}, driver};
};

}  // namespace

TEST_CASE_METHOD(Front, "a front-end connects and closes with its back-end") {
    REQUIRE(device.start().has_value());
    CHECK(driver.taken() == "");
    other_is("2");
    CHECK(driver.taken() == "p");
    CHECK(shown() == "3");
    CHECK(tree.read(own("ring-ref")) == "8");
    CHECK(device.other_domain() == 2);
    other_is("4");
    CHECK(driver.taken() == "a");
    CHECK(shown() == "4");
    CHECK(device.attached());
    other_is("4");
    other_is("7");
    other_is("8");
    CHECK(driver.taken() == "");
    other_is("5");
    CHECK(driver.taken() == "d");
    CHECK(shown() == "6");
    other_is("6");
    CHECK(driver.taken() == "");
    other_is("2");
    CHECK(driver.taken() == "p");
    CHECK(shown() == "3");
    device.close();
    CHECK(driver.taken() == "d");
    CHECK(shown() == "6");
    other_is("2");
    CHECK(driver.taken() == "");
    CHECK(tree.watches(1) == 0);
}

TEST_CASE_METHOD(Back, "a back-end connects and closes with its front-end") {
    REQUIRE(device.start().has_value());
    CHECK(driver.taken() == "p");
    CHECK(shown() == "2");
    other_is("3");
    CHECK(driver.taken() == "a");
    CHECK(shown() == "4");
    other_is("4");
    CHECK(driver.taken() == "");
    other_is("5");
    CHECK(driver.taken() == "d");
    CHECK(shown() == "5");
    other_is("6");
    CHECK(shown() == "6");
    other_is("3");  // what it said is not ours any more
    other_is("4");
    CHECK(driver.taken() == "");
    CHECK(shown() == "6");
    other_is("1");
    CHECK(driver.taken() == "p");
    CHECK(shown() == "2");
    other_is("4");  // as network interfaces do
    CHECK(driver.taken() == "a");
    tree.remove(other);
    settle();
    work();
    CHECK(driver.taken() == "d");
    CHECK(shown() == "6");
}

TEST_CASE_METHOD(Front, "the other end begins anew") {
    REQUIRE(device.start().has_value());
    other_is("2");
    SECTION("before it was connected") {
        driver.taken();
        other_is("1");
        CHECK(driver.taken() == "d");
        CHECK(shown() == "1");
    }
    SECTION("after") {
        other_is("4");
        driver.taken();
        other_is("1");
        CHECK(driver.taken() == "d");
        CHECK(shown() == "1");
    }
    SECTION("so fast that it shows init_wait already") {
        other_is("4");
        driver.taken();
        other_is("2");
        CHECK(driver.taken() == "dp");
        CHECK(shown() == "3");
    }
    SECTION("in another domain") {
        other_is("4");
        driver.taken();
        tree.introduce(3);
        tree.remove(other);
        settle();
        work();
        CHECK(driver.taken() == "d");
        const std::string moved = "/local/domain/3/backend/echo/1/0";
        tree.write(moved + "/state", "2");
        tree.permissions(moved + "/state", "n3 r1");
        tree.write(own("backend"), moved);
        tree.write(own("backend-id"), "3");
        settle();
        while (work()) settle();
        CHECK(driver.taken() == "p");
        CHECK(device.other_domain() == 3);
        tree.write(moved + "/state", "4");
        settle();
        work();
        CHECK(driver.taken() == "a");
        CHECK(tree.watches(1) == 2);
        return;
    }
    other_is("2");
    other_is("4");
    CHECK(driver.taken().ends_with("a"));
    CHECK(shown() == "4");
}

TEST_CASE_METHOD(Back, "the front-end begins anew without a word") {
    REQUIRE(device.start().has_value());
    other_is("3");
    driver.taken();
    other_is("1");
    CHECK(driver.taken() == "dp");
    CHECK(shown() == "2");
}

TEST_CASE_METHOD(Front, "who was here before is done away with") {
    tree.write(own("state"), "4");
    tree.write(other + "/state", "4");
    REQUIRE(device.start().has_value());
    CHECK(shown() == "6");
    CHECK(driver.taken() == "");
    other_is("5");
    other_is("6");
    CHECK(shown() == "1");
    other_is("2");
    other_is("4");
    CHECK(driver.taken() == "pa");
}

TEST_CASE_METHOD(Back, "a back-end that starts again does not take up an old connection") {
    tree.write(own("state"), "4");
    tree.write(other + "/state", "4");
    REQUIRE(device.start().has_value());
    CHECK(shown() == "6");
    CHECK(driver.taken() == "");
    other_is("6");
    CHECK(shown() == "2");
    CHECK(driver.taken() == "p");
    other_is("1");
    other_is("3");
    CHECK(driver.taken() == "a");
}

TEST_CASE_METHOD(Front, "a driver's error closes the device until the other end moves") {
    REQUIRE(device.start().has_value());
    SECTION("in prepare") {
        driver.prepare_error = Error::out_of_memory;
        other_is("2");
        CHECK(driver.taken() == "p");
        driver.prepare_error.reset();
    }
    SECTION("in attach") {
        driver.attach_error = Error::unsupported;
        other_is("2");
        other_is("4");
        CHECK(driver.taken() == "pad");
        driver.attach_error.reset();
    }
    SECTION("later") {
        other_is("2");
        other_is("4");
        device.fail(Error::device_error);
        CHECK(driver.taken() == "pad");
    }
    CHECK(shown() == "6");
    CHECK(tree.read("/local/domain/1/error/device/echo/0/error").has_value());
    for (int i = 0; i < 3; ++i) device.wake(), work();
    CHECK(driver.taken() == "");
    other_is("6");
    CHECK(driver.taken() == "");
    other_is("1");
    CHECK(shown() == "1");
    other_is("2");
    other_is("4");
    CHECK(driver.taken() == "pa");
}

TEST_CASE_METHOD(Front, "nodes vanish") {
    REQUIRE(device.start().has_value());
    other_is("2");
    other_is("4");
    driver.taken();
    SECTION("the other end's") {
        tree.remove(other);
        settle();
        work();
        CHECK(shown() == "6");
        CHECK_FALSE(device.gone());
    }
    SECTION("ours") {
        tree.remove(own(""));
        device.wake();
        work();
        CHECK(shown() == "none");
        CHECK(device.gone());
        CHECK(device.switch_to(State::reconfiguring).error() == Error::not_found);
        CHECK(shown() == "none");
    }
    SECTION("ours, and the other end closes") {
        tree.remove(own(""));
        other_is("5");
        CHECK(shown() == "none");
        CHECK(device.gone());
    }
    CHECK(driver.taken() == "d");
    toolstack("2");
    device.wake();
    settle();
    while (work()) settle();
    CHECK(driver.taken() == "p");
    CHECK_FALSE(device.gone());
    other_is("4");
    CHECK(driver.taken() == "a");
}

TEST_CASE_METHOD(Front, "what the toolstack or the other end writes may be anything") {
    const std::string odd[] = {"", "x", std::string(2, '\0'), std::string(3000, '/'), "-1", "32752",
                               "18446744073709551616", "/", "@", "a//b", std::string("/local\0/domain", 14), "99999999999999999999999999", "2 "};
    for (const std::string& value : odd)
        for (const char* name : {"backend", "backend-id"}) {
            toolstack();
            tree.write(own(name), value);
            REQUIRE(device.start().has_value());
            other_is("2");
            other_is("4");
            CHECK(driver.balance == 0);
            device.close();
            CHECK(tree.watches(1) == 0);
            driver.taken();
            tree.write(own("state"), "1");
        }
    toolstack();
    REQUIRE(device.start().has_value());
    other_is("2");
    other_is("4");
    CHECK(driver.taken() == "pa");
    for (const std::string& value : odd) {
        other_is(value.c_str());
        other_is("2");
        other_is("4");
        CHECK(driver.taken() == "dpa");
    }
    CHECK(store::connected());
}

TEST_CASE("an end survives any order of states, and what it holds is balanced") {
    std::mt19937 random(20260804);
    const auto play = [&](auto& fixture) {
        REQUIRE(fixture.device.start().has_value());
        for (int i = 0; i < 200; ++i) {
            const unsigned choice = random() % 16;
            if (choice == 15) fixture.tree.remove(fixture.other);
            else if (choice == 14 && random() % 4 == 0) fixture.tree.remove(fixture.own(""));
            else if (choice == 13) fixture.tree.write(fixture.own("state"), std::to_string(random() % 10));
            else fixture.tree.write(fixture.other + "/state", std::to_string(choice % 10));
            fixture.tree.permissions(fixture.other + "/state", "n2 r1");
            for (unsigned steps = random() % 3; steps != 0; --steps) fixture.step();
            fixture.work();
            REQUIRE(fixture.driver.balance == (fixture.device.phase() == Phase::prepared || fixture.device.attached()));
        }
        fixture.device.close();
        CHECK(fixture.driver.balance == 0);
        CHECK(fixture.tree.watches(1) == 0);
        CHECK(fixture.tree.transactions(1) == 0);
        CHECK(store::connected());
    };
    for (int round = 0; round < 20; ++round) {
        Front front;
        play(front);
    }
    for (int round = 0; round < 20; ++round) {
        Back back;
        play(back);
    }
}

TEST_CASE_METHOD(Front, "waiting ends at its deadline, though the other end toggles without end") {
    REQUIRE(device.start().has_value());
    unsigned toggles = 0;
    on_step = [&] { tree.write(other + "/state", ++toggles % 2 == 0 ? "1" : "2"); };
    const auto waited = device.wait_attached(time::Monotonic::now() + std::chrono::seconds(1));
    CHECK(waited.error() == Error::timed_out);
    on_step = nullptr;
    CHECK(toggles > 10);
    other_is("2");
    on_step = [&] { tree.write(other + "/state", "4"); };
    CHECK(device.wait_attached(time::never).has_value());
}

TEST_CASE_METHOD(Front, "a device reacts in whatever wait there is") {
    REQUIRE(device.start().has_value());
    tree.write(other + "/state", "2");
    sched::WaitQueue queue;
    const auto deadline = time::Monotonic::now() + std::chrono::seconds(1);
    CHECK(queue.wait([&] { return driver.calls == "p"; }, deadline).has_value());
}

TEST_CASE_METHOD(Front, "a device that fails hears of the other end when it has closed, not before") {
    REQUIRE(device.start().has_value());
    other_is("2");
    other_is("4");
    unsigned steps = 0;
    on_step = [&] { tree.write(other + "/state", std::to_string(1 + ++steps % 2)); };
    device.fail(Error::device_error);
    CHECK(driver.taken() == "pad");
    CHECK(shown() == "6");
    CHECK(steps > 2);
    on_step = nullptr;
    other_is("1");
    other_is("2");
    other_is("4");
    CHECK(driver.taken() == "pa");
}

TEST_CASE_METHOD(Front, "a store that breaks leaves a device that can be closed") {
    REQUIRE(device.start().has_value());
    other_is("2");
    other_is("4");
    page.rsp_prod += 5000;
    interrupt();
    REQUIRE_FALSE(store::connected());
    device.wake();
    work();
    CHECK(device.attached());
    device.close();
    CHECK(driver.taken() == "pad");
}

TEST_CASE_METHOD(Front, "a front-end that closes gives the back-end time to let go") {
    REQUIRE(device.start().has_value());
    other_is("2");
    other_is("4");
    SECTION("which it takes") {
        on_step = [&] {
            if (shown() != "5" || tree.read(other + "/state") == "5") return;
            CHECK(driver.balance == 1);
            tree.write(other + "/state", "5");
        };
        device.close();
    }
    SECTION("but not for ever") { device.close(); }
    CHECK(driver.balance == 0);
    CHECK(shown() == "6");
}
