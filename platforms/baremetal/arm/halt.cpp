// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/power/vexpress.hpp>
#include <unicore/power/psci.hpp>

void unicore::platform::halt(int /*status: only the console tells it*/) noexcept {
    // Each board has its own way out, and no node for the others'.
    power::psci::off();
    power::vexpress::off();
    Interrupts::save_and_mask();
    for (;;) Interrupts::unmask_and_wait();
}
