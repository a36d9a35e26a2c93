// SPDX-License-Identifier: BSD-3-Clause
// Ten thousand threads, a thousand of them alive at a time.
#include <unicore/console.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/thread.hpp>

#include <array>

using namespace unicore;

namespace {

constexpr unsigned rounds = 10, alive = 1000;

constinit sched::Mutex mutex;
constinit sched::ConditionVariable changed;
constinit unsigned waiting = 0, ran = 0;
constinit bool go = false;
constinit std::array<sched::Thread, alive> threads;

void run(void*) noexcept {
    const sched::Guard guard(mutex);
    if (++waiting == alive) changed.notify_all();
    while (!go) changed.wait(mutex);
    ++ran;
}

}  // namespace

int main() {
    for (unsigned round = 0; round != rounds; ++round) {
        waiting = 0, go = false;
        for (sched::Thread& thread : threads) {
            auto started = sched::Thread::create(run, nullptr, {.name = "one of many"});
            if (!started) {
                console::write("no memory for a thread\n");
                return 1;
            }
            thread = std::move(*started);
        }
        {
            const sched::Guard guard(mutex);
            while (waiting != alive) changed.wait(mutex);
            go = true;
            changed.notify_all();
        }
        for (sched::Thread& thread : threads) thread.join();
    }
    if (ran != rounds * alive) return 2;
    console::write("10000 threads, 1000 at a time\n");
    return 0;
}
