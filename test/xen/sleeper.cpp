// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/chrono.hpp>
#include <unicore/console.hpp>
#include <unicore/power.hpp>
#include <unicore/sched.hpp>

/// Sleeps until the toolstack asks it to stop, or with an argument computes until then; its status tells
/// whether that was so.
int main(int count, char**) {
    if (count > 1) {
        unicore::console::write("sleeper: computing\n");
        while (!unicore::power::stop_requested()) {}
        return 0;
    }
    unicore::console::write("sleeper: asleep\n");
    const auto slept = unicore::sched::sleep_for(std::chrono::hours(24));
    unicore::console::write("sleeper: awake\n");
    return slept || slept.error() != unicore::Error::stopped ? 1 : 0;
}
