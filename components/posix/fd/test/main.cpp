// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <unicore/debug/suites.hpp>

int main() {
    using namespace unicore::posix::fd;
    static constexpr unicore::debug::NamedSuite suites[] = {
        {"descriptors", descriptors}, {"pipe", pipes}, {"eventfd", events}, {"timerfd", timers},
        {"poll and select", polls}, {"limits", limits}, {"stop", stops}};
    return unicore::debug::run_suites(suites);
}
