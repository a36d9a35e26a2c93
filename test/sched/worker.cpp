// SPDX-License-Identifier: BSD-3-Clause
// The thread that does the work comes before all others, in a boot step: it has variables of its own as well.
#include <unicore/base/chrono.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/work.hpp>
#include <unicore/time/clock.hpp>

#include <algorithm>
#include <array>

using namespace unicore;
using namespace std::chrono_literals;

namespace {

/// Larger than what lies in front of it on any stack.
constinit thread_local std::array<int, 2000> numbers = [] {
    std::array<int, 2000> initial{};
    for (int i = 0; int& number : initial) number = ++i;
    return initial;
}();

bool untouched() {
    for (int i = 0; const int number : numbers)
        if (number != ++i) return false;
    return true;
}

struct Doing final : sched::Work {
    void run() noexcept override {
        was_untouched = untouched();
        std::ranges::fill(numbers, 0);
        done = true;
        queue.wake_all();
    }
    sched::WaitQueue queue;
    bool was_untouched = false, done = false;
};

}  // namespace

int main() {
    Doing work;
    if (!untouched()) return 1;
    work.wake();
    if (!work.queue.wait([&] { return work.done; }, time::Monotonic::now() + 10s)) return 2;
    if (!work.was_untouched) return 3;
    return untouched() ? 0 : 4;
}
