// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/panic.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/entropy/csprng.hpp>
#include <unicore/entropy/csprng/config.hpp>
#include <unicore/entropy/source.hpp>
#include <unicore/platform.hpp>
#include <unicore/time/clock.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace csprng = unicore::entropy::csprng;

namespace unicore::entropy::csprng {
Result<void> start() noexcept;
}

namespace {

std::string messages;
unicore::time::Instant now{std::chrono::seconds(1)};
unsigned clock_readings = 0;
unsigned held = 0, holds = 0;  // preemption: now, and ever

class Scripted final : public unicore::entropy::Source {
public:
    explicit Scripted(std::string_view name) : name_(name) {}
    unicore::Result<void> read(std::span<std::byte> bytes) noexcept override {
        ++reads;
        size = bytes.size();
        CHECK(held == 0);  // it may wait
        if (meanwhile != nullptr) meanwhile();
        std::ranges::fill(bytes, value);  // also when it fails: half a seed must do no harm
        if (fails) return unicore::unexpected(unicore::Error::device_error);
        return {};
    }
    std::string_view name() const noexcept override { return name_; }

    void (*meanwhile)() = nullptr;  ///< what another thread does while it is read
    bool fails = false;
    std::byte value{1};
    unsigned reads = 0;
    std::size_t size = 0;

private:
    std::string_view name_;
};

/// The exit status of a child process that runs `action`.
template <typename Action>
int status_of(Action action) {
    const pid_t child = fork();
    if (child == 0) {
        action();
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

void unicore::platform::early_write(std::string_view text) noexcept { messages += text; }

void unicore::hold_preemption() noexcept { ++held, ++holds; }
void unicore::allow_preemption() noexcept { --held; }

unicore::time::Instant unicore::time::Monotonic::now() noexcept {
    ++clock_readings;
    return ::now;
}

// One case: an image boots once.
TEST_CASE("the generator through an image's life") {
    static Scripted first("first"), second("second");
    const std::string first_failed =
        "unicore: [warning] entropy.csprng: first failed: " + std::string(to_string(unicore::Error::device_error)) +
        "\n";
    std::array<std::byte, 100> bytes{};

    // Before the boot step, and with no source at all.
    CHECK(csprng::fill(bytes).error() == unicore::Error::not_found);
    CHECK(std::ranges::count(bytes, std::byte{0}) == 100);
    CHECK(status_of([] { static_cast<void>(csprng::next()); }) == unicore::panic_status);
    CHECK(csprng::start().error() == unicore::Error::not_found);
    CHECK(messages.starts_with("unicore: [error] entropy.csprng: no source of entropy"));
    CHECK(messages.find("entropy.cpu needs") != messages.npos);
    CHECK(messages.ends_with("getrandom\n"));
    CHECK(csprng::fill(bytes).error() == unicore::Error::not_found);

    // All sources fail.
    messages.clear();
    first.fails = true;
    unicore::entropy::add(first);
    CHECK(csprng::start().error() == unicore::Error::not_found);
    CHECK(messages.starts_with(first_failed + "unicore: [error]"));

    // One of two answers: that is enough, and the other is named.
    messages.clear();
    unicore::entropy::add(second);
    CHECK(csprng::start().has_value());
    CHECK(messages == first_failed);
    CHECK(second.reads == 1);
    CHECK(second.size == 32);
    CHECK(clock_readings == 0);

    // Output.
    REQUIRE(csprng::fill(bytes).has_value());
    CHECK(std::ranges::count(bytes, std::byte{0}) < 10);
    std::set<std::uint64_t> numbers;
    for (int i = 0; i < 1000; ++i) numbers.insert(csprng::next());
    CHECK(numbers.size() == 1000);

    // Read again after so many bytes, not before.
    first.fails = false;
    first.reads = second.reads = 0;
    std::vector<std::byte> rest(csprng::config::reseed_bytes - 100 - 8000 - 1);
    REQUIRE(csprng::fill(rest).has_value());
    REQUIRE(csprng::fill(std::span(bytes).first(1)).has_value());
    CHECK(first.reads == 0);
    first.meanwhile = [] { static_cast<void>(csprng::next()); };
    REQUIRE(csprng::fill(bytes).has_value());
    first.meanwhile = nullptr;
    CHECK(first.reads == 1);
    CHECK(second.reads == 1);

    // What threads share is changed while no other one runs, a part at a time.
    holds = 0;
    REQUIRE(csprng::fill(std::span(rest).first(3000)).has_value());
    CHECK(holds >= 3);
    CHECK(held == 0);

    // And after so much time; the time of the first request after a seed counts.
    if (csprng::config::reseed_seconds != 0) {
        const std::chrono::seconds limit(csprng::config::reseed_seconds);
        static_cast<void>(csprng::next());
        now += limit - std::chrono::nanoseconds(1);
        static_cast<void>(csprng::next());
        CHECK(first.reads == 1);
        now += std::chrono::nanoseconds(1);
        static_cast<void>(csprng::next());
        CHECK(first.reads == 2);

        // Sources that fail then do not stop it.
        messages.clear();
        first.fails = second.fails = true;
        static_cast<void>(csprng::next());
        now += limit;
        REQUIRE(csprng::fill(bytes).has_value());
        CHECK(first.reads == 3);
        CHECK(messages.find("first failed") != messages.npos);
        CHECK(messages.find("second failed") != messages.npos);
    }
}
