// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/panic.hpp>
#include <unicore/base/result.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/platform.hpp>
#include <unicore/sched.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace unicore::debug::drill {
Result<void> choose(std::string_view value) noexcept;
Result<void> start() noexcept;
}  // namespace unicore::debug::drill

using unicore::Error;
namespace drill = unicore::debug::drill;

namespace {

std::string console;
std::size_t heap_left = 0;
unsigned live_blocks = 0;
std::vector<unicore::time::Duration> sleeps;

/// How a child process ends in which the drill runs: the exit status, or minus the signal. A drill
/// that nothing catches ends it with `not_caught`.
constexpr int not_caught = 77;
int end_of(std::string_view name) {
    const pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);  // the sanitizers' report
        for (const int caught : {SIGSEGV, SIGBUS, SIGILL, SIGABRT}) std::signal(caught, SIG_DFL);  // Catch2's report
        if (!drill::choose(name)) _exit(1);
        _exit(drill::start() ? 0 : not_caught);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

void unicore::platform::early_write(std::string_view text) noexcept { console += text; }

unicore::Result<void*> unicore::memory::heap::allocate(std::size_t size, std::size_t) noexcept {
    if (size > heap_left) return unexpected(Error::out_of_memory);
    heap_left -= size;
    ++live_blocks;
    return std::malloc(size);
}
void unicore::memory::heap::release(void* block) noexcept {
    --live_blocks;
    std::free(block);
}

unicore::Result<void> unicore::sched::sleep_for(time::Duration duration) noexcept {
    sleeps.push_back(duration);
    return {};
}

TEST_CASE("without the setting nothing happens") {
    CHECK(drill::start().has_value());
    CHECK(console.empty());
}

TEST_CASE("what is not a drill is refused, and leaves what was chosen") {
    for (const std::string_view wrong :
         {"",         "nul",     "nulls", "null,",  "null, ",  "null, write-text", "Null",  "write",        "write-",
          "execute-", "stacks",  "sleep", "sleep:", "sleep:S", "sleep:SECONDS",    "heap,", "heap, sleep:", ",",
          " ",        "SECONDS", "S",     "sleep:x", "sleep:-1",  "sleep:1.5",        "sleep:1 "})
        CHECK(drill::choose(wrong).error() == Error::invalid_argument);
    for (const std::string_view wrong :
         {"sleep:1000000", "sleep:10000000", "sleep:99999999999", "sleep:99999999999999999999"})
        CHECK(drill::choose(wrong).error() == Error::out_of_range);
    CHECK(drill::start().has_value());
    CHECK(console.empty());
    CHECK(sleeps.empty());
}

TEST_CASE("every fault is a fault, and the next drill is told from it") {
    for (const std::string_view name :
         {"null", "write-text", "write-rodata", "execute-data", "execute-stack", "stack", "illegal"}) {
        CAPTURE(name);
        const int end = end_of(name);
        CHECK(end != 0);
        CHECK(end != not_caught);
        CHECK(end != unicore::panic_status);  // that would be one of the next two
    }
    CHECK(end_of("panic") == unicore::panic_status);
#ifdef NDEBUG
    CHECK(end_of("assert") == not_caught);
#else
    CHECK(end_of("assert") == unicore::panic_status);
#endif
}

TEST_CASE("the heap drill takes all there is and gives it back") {
    console.clear();
    heap_left = 5'000'000;
    REQUIRE(drill::choose("heap").has_value());
    CHECK(drill::start().has_value());
    CHECK(heap_left < 64);
    CHECK(live_blocks == 0);
    CHECK(console == "unicore: drill: heap of " + std::to_string(5'000'000 - heap_left) + " bytes\n");

    console.clear();
    heap_left = 0;
    CHECK(drill::start().has_value());
    CHECK(console == "unicore: drill: heap of 0 bytes\n");
}

TEST_CASE("the sleep drill sleeps and goes on") {
    sleeps.clear();
    for (const auto& [text, seconds] :
         {std::pair{"sleep:0", 0}, {"sleep:1", 1}, {"sleep:12", 12}, {"sleep:007", 7}, {"sleep:999999", 999999}}) {
        REQUIRE(drill::choose(text).has_value());
        CHECK(drill::start().has_value());
        CHECK(sleeps.back() == std::chrono::seconds(seconds));
    }
}
