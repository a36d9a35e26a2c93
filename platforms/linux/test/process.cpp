// SPDX-License-Identifier: BSD-3-Clause
/// One image for process_test.py: the first argument says what to do.
#include "process.hpp"

#include <unicore/base/text.hpp>
#include <unicore/console.hpp>
#include <unicore/entropy/source.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/linux/environment.hpp>
#include <unicore/power.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <algorithm>
#include <span>
#include <string_view>

namespace {

using namespace unicore;
using namespace std::chrono_literals;
using Words = std::span<char*>;

constexpr int wrong = 1;
constexpr int chosen_status = 3;

void say(std::string_view what, std::string_view detail = {}) {
    text::Line line;
    line << what << detail << '\n';
    console::write(line.view());
}

void spin(time::Duration duration) {
    for (const time::Instant end = time::Monotonic::now() + duration; time::Monotonic::now() < end;) {}
}

int arguments(Words words) {
    const platform::Arguments all = platform::arguments();
    if (all.values[all.count] != nullptr) return wrong;
    for (const std::string_view word : words) {
        text::Line line;
        line << '[' << word << "]\n";
        console::write(line.view());
    }
    return all.count;
}

int environment(Words words) {
    const char* const value = platform::linux::environment(words.empty() ? "" : words[0]);
    say("value: ", value != nullptr ? value : "(not set)");
    return 0;
}

/// Waits until a stop request; how the wait ended is the last line.
int wait(Words) {
    say("waiting");
    const auto outcome = sched::sleep_until(time::never);
    say("ended: ", outcome ? "no error" : to_string(outcome.error()));
    return chosen_status;
}

/// The request comes before the wait, which must then not sleep.
int stop_first(Words) {
    say("computing");
    while (!power::stop_requested()) {}
    const auto outcome = sched::sleep_for(100s);
    say("ended: ", outcome ? "no error" : to_string(outcome.error()));
    return chosen_status;
}

/// Never waits: only a second request ends it.
int ignore(Words) {
    say("computing");
    for (;;) spin(1s);
}

/// Masks twice, is signalled, opens once: nothing; opens again: handled.
int mask(Words) {
    {
        const platform::MaskGuard outer;
        {
            const platform::MaskGuard inner;
            say("masked");
            spin(400ms);
            if (power::stop_requested()) return wrong;
        }
        if (power::stop_requested()) return wrong;
    }
    return power::stop_requested() ? chosen_status : wrong;
}

/// Deadlines are kept: a past one at once, one to come neither early nor late, signals or not.
int deadlines(Words) {
    using platform::Interrupts;
    const auto saved = Interrupts::save_and_mask();
    for (const time::Duration duration : {-1s, 0s}) {
        const time::Instant before = time::Monotonic::now();
        time::clock::idle_until(before + duration);
        if (time::Monotonic::now() - before > 50ms) return wrong;
    }
    time::clock::idle_until(time::Instant::min());
    const time::Instant before = time::Monotonic::now();
    time::clock::idle_until(before + 200ms);
    const time::Duration slept = time::Monotonic::now() - before;
    Interrupts::restore(saved);
    return slept >= 200ms && slept < 1s ? 0 : wrong;
}

int wall(Words) {
    const auto now = time::wall::now();
    if (!now) return wrong;
    text::Line line;
    line << "seconds: " << std::chrono::duration_cast<std::chrono::seconds>(now->time_since_epoch()).count() << '\n';
    console::write(line.view());
    return 0;
}

/// Writes many lines, more than any pipe holds.
int flood(Words) {
    for (int i = 0; i < 20000; ++i) {
        text::Line line;
        line << "line " << i << " of the flood\n";
        console::write(line.view());
    }
    return chosen_status;
}

int memory(Words) {
    const MemoryRange all = platform::memory().front();
    if (platform::memory().size() != 1 || platform::memory().front() != all || all.base % page_size != 0) return wrong;
    // Two pieces, the first and the last page, so that what is between stays closed.
    for (const std::uintptr_t base : {all.base, all.end() - page_size}) {
        const auto piece = platform::commit({base, page_size});
        if (!piece || *piece != MemoryRange{base, page_size}) return wrong;
        auto* const bytes = reinterpret_cast<volatile std::byte*>(base);
        if (bytes[0] != std::byte{0}) return wrong;
        bytes[0] = std::byte{1};
        bytes[page_size - 1] = std::byte{1};
    }
    text::Line line;
    line << "KiB: " << (all.size >> 10) << '\n';
    console::write(line.view());
    return 0;
}

int entropy(Words) {
    std::byte first[1000]{}, second[1000]{};
    for (entropy::Source& source : entropy::sources()) {
        if (source.name() != "getrandom") continue;
        if (!source.read(first) || !source.read(second)) return wrong;
        // The chance that the last 16 bytes are equal by accident is 2^-128.
        return std::equal(first + 984, first + 1000, second + 984) ? wrong : chosen_status;
    }
    return wrong;
}

int fault(Words words) {
    if (!words.empty()) ::fault(words[0]);
    say("no fault");
    return wrong;
}

struct Case {
    std::string_view name;
    int (*run)(Words);
};

constexpr Case cases[] = {
    {"arguments", arguments}, {"environment", environment}, {"wait", wait},     {"stop-first", stop_first},
    {"ignore", ignore},       {"mask", mask},               {"deadlines", deadlines}, {"wall", wall},
    {"flood", flood},         {"memory", memory},           {"entropy", entropy},     {"fault", fault},
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 0;
    for (const Case& candidate : cases)
        if (candidate.name == argv[1]) return candidate.run({argv + 2, static_cast<std::size_t>(argc - 2)});
    say("no such case: ", argv[1]);
    return 2;
}
