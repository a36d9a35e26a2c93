// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/power/malta.hpp>

void unicore::platform::halt(int /*status: only the console tells it*/) noexcept {
    power::malta::off();
    power::malta::reset();
    Interrupts::save_and_mask();
    for (;;) Interrupts::unmask_and_wait();
}
