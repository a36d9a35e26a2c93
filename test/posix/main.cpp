// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/debug/suites.hpp>

namespace unicore::posix {

void life_suite(debug::Check& check) noexcept;
void lock_suite(debug::Check& check) noexcept;
void wait_suite(debug::Check& check) noexcept;
void key_suite(debug::Check& check) noexcept;
void cancellation_suite(debug::Check& check) noexcept;
void timer_suite(debug::Check& check) noexcept;
void priority_suite(debug::Check& check) noexcept;

}  // namespace unicore::posix

int main() {
    using namespace unicore;
    static constexpr debug::NamedSuite suites[] = {
        {"life of threads", posix::life_suite}, {"locks", posix::lock_suite},
        {"conditions and semaphores", posix::wait_suite}, {"keys and once", posix::key_suite},
        {"cancellation", posix::cancellation_suite}, {"timers", posix::timer_suite},
        {"priorities", posix::priority_suite}};
    return debug::run_suites(suites);
}
