// SPDX-License-Identifier: BSD-3-Clause
// Several threads shake hands at once, each with what is its own, and with random bytes out of what all share.
#include "loop.hpp"
#include "suites.hpp"

#include <unicore/sched/thread.hpp>

#include <array>
#include <optional>

namespace unicore::crypto::mbedtls {
namespace {

constexpr std::size_t threads_at_once = 4;
constexpr unsigned handshakes_each = 3;

struct Worker {
    unsigned done = 0;
    std::optional<sched::Thread> thread;
};

void work(void* context) noexcept {
    Identity own("ec");  // a key has tables that are made when it is used first: one is for one thread
    for (unsigned i = 0; i != handshakes_each; ++i) {
        Loop loop(own, own, "unicore.test");
        loop.shake();
        if (!loop.done() || !loop.carries(loop.client, loop.server, 20'000)) return;
        if (!loop.carries(loop.server, loop.client, 20'000)) return;
        ++static_cast<Worker*>(context)->done;
    }
}

}  // namespace

void threads(debug::Check& check) noexcept {
    std::array<Worker, threads_at_once> workers;
    for (Worker& worker : workers) {
        auto thread = sched::Thread::create(work, &worker, {.name = "tls", .stack_size = 64 * 1024});
        if (!check(thread.has_value(), "a thread can be had")) return;
        worker.thread = std::move(*thread);
    }
    for (Worker& worker : workers) {
        worker.thread.reset();
        check(worker.done == handshakes_each, "each shakes hands and gets its bytes");
    }
}

}  // namespace unicore::crypto::mbedtls
