// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.hpp>
#include <unicore/sched.hpp>

#include <chrono>

/// Sleeps until the toolstack asks it to stop; its status tells whether that was so.
int main() {
    unicore::console::write("sleeper: asleep\n");
    const auto slept = unicore::sched::sleep_for(std::chrono::hours(24));
    unicore::console::write("sleeper: awake\n");
    return slept || slept.error() != unicore::Error::stopped ? 1 : 0;
}
