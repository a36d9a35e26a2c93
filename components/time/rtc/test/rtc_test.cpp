// SPDX-License-Identifier: BSD-3-Clause
#include "cmos.hpp"

#include <unicore/base/result.hpp>
#include <unicore/time/wall.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

using unicore::Error;
using unicore::test::cmos;
namespace wall = unicore::time::wall;

namespace {

/// The component reads the clock once in its life, so each case has a life of its own. Yields the
/// microseconds by which the date is wrong; nothing when there was none.
std::optional<std::int64_t> error_of_a_fresh_start(const std::function<void()>& between = [] {}) {
    int channel[2];
    REQUIRE(pipe(channel) == 0);
    if (const pid_t child = fork(); child == 0) {
        auto time = wall::now();
        between();
        if (time) time = wall::now();
        if (time) {
            const std::int64_t error = time->time_since_epoch().count() / 1000 - cmos().now;
            if (write(channel[1], &error, sizeof error) != sizeof error) _exit(2);
        } else if (time.error() != Error::device_error || cmos().accesses > 1'000'000) {
            _exit(1);
        }
        _exit(0);
    } else {
        close(channel[1]);
        std::int64_t error = 0;
        const bool some = read(channel[0], &error, sizeof error) == sizeof error;
        close(channel[0]);
        int status = 1;
        waitpid(child, &status, 0);
        REQUIRE(status == 0);
        return some ? std::optional(error) : std::nullopt;
    }
}

/// Late by less than a second, never early.
bool right(std::optional<std::int64_t> error) { return error && *error <= 0 && *error > -1'000'100; }

}  // namespace

TEST_CASE("the date is read, in every format") {
    for (const bool binary : {false, true})
        for (const bool hours_24 : {false, true})
            for (const bool has_century : {false, true}) {
                cmos() = {};
                cmos().binary = binary;
                cmos().hours_24 = hours_24;
                cmos().has_century = has_century;
                CHECK(right(error_of_a_fresh_start()));
            }
}

TEST_CASE("an update in progress is waited for") {
    const std::int64_t second = 1'700'000'000'000'000;
    for (std::int64_t before = 3000; before >= -100; before -= 131) {
        cmos() = {};
        cmos().now = second - before;
        REQUIRE(right(error_of_a_fresh_start()));
    }
}

TEST_CASE("the date goes on without reading the clock again") {
    CHECK(right(error_of_a_fresh_start([] {
        cmos().present = false;
        cmos().now += 3600'000'000;
    })));
}

TEST_CASE("a clock that does not answer is an error, soon") {
    SECTION("none there") {
        cmos().present = false;
        CHECK_FALSE(error_of_a_fresh_start().has_value());
    }
    SECTION("an update that does not end") {
        cmos().stuck = true;
        CHECK_FALSE(error_of_a_fresh_start().has_value());
    }
    SECTION("never the same twice") {
        cmos().restless = true;
        CHECK_FALSE(error_of_a_fresh_start().has_value());
    }
    SECTION("no date") {
        cmos().garbled = true;
        CHECK_FALSE(error_of_a_fresh_start().has_value());
    }
}

TEST_CASE("an error is not for ever") {
    cmos().stuck = true;
    const auto error = error_of_a_fresh_start([] { cmos().stuck = false; });
    CHECK_FALSE(error.has_value());  // of the first call
    cmos().stuck = false;
    CHECK(right(error_of_a_fresh_start()));
}
