// SPDX-License-Identifier: BSD-3-Clause
// A thread that recurses without end. Its stack lies among others, and what is below it is guarded.
#include <unicore/console.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/thread.hpp>

#include <array>

using namespace unicore;

namespace {

[[gnu::noinline]] unsigned recurse(unsigned depth) noexcept {
    volatile unsigned local[16];
    local[depth % 16] = depth;
    asm volatile("" : : "r"(local) : "memory");
    return depth == ~0U ? 0 : recurse(depth + 1) + local[depth % 16];
}

}  // namespace

int main() {
    auto waits = [](void*) noexcept { static_cast<void>(sched::sleep_for(time::Duration::max())); };
    auto overflows = [](void*) noexcept { static_cast<void>(recurse(0)); };
    std::array<sched::Thread, 3> threads;
    for (unsigned i = 0; i != threads.size(); ++i) {
        auto started = sched::Thread::create(i == 1 ? +overflows : +waits, nullptr, {.name = "deep", .stack_size = 8192});
        if (!started) return 1;
        threads[i] = std::move(*started);
    }
    console::write("started\n");
    static_cast<void>(sched::sleep_for(time::Duration::max()));
    return 2;
}
