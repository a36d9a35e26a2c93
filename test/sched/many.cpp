// SPDX-License-Identifier: BSD-3-Clause
#include "variables.hpp"

#include <unicore/debug/suites.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/thread.hpp>

#include <array>

using namespace unicore;

namespace {

struct Body {
    debug::Check* check = nullptr;
    std::uint32_t seed = 0;
};

void run(void* context) noexcept {
    const Body body = *static_cast<Body*>(context);
    fresh(*body.check, body.seed);
    for (int i = 0; i != 10; ++i) sched::yield();
    kept(*body.check, body.seed);
}

/// Each thread finds the initial values, whatever others have done, and keeps its own.
void among_many(debug::Check& check) noexcept {
    fresh(check, 1);
    for (std::uint32_t round = 0; round != 3; ++round) {
        std::array<Body, 10> bodies;
        std::array<sched::Thread, 10> threads;
        for (std::uint32_t i = 0; i != threads.size(); ++i) {
            bodies[i] = {&check, 0x1000 * (round + 1) + i};
            auto started = sched::Thread::create(run, &bodies[i], {.name = "own", .stack_size = 8192});
            check(started.has_value(), "a thread starts");
            if (started) threads[i] = std::move(*started);
        }
    }
    kept(check, 1);
}

constexpr debug::NamedSuite suites[] = {{"thread_local, many threads", among_many}};

}  // namespace

int main() { return debug::run_suites(suites); }
