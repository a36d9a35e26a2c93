// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts/pc/timer.hpp>

#include "fakes.hpp"

#include <catch2/catch.hpp>

namespace timer = unicore::interrupts::pc::timer;
using unicore::interrupts::pc::local_apic::Register;
using unicore::test::machine;

TEST_CASE("the timer is armed in ticks") {
    machine() = {};
    timer::start(timer::Mode::one_shot);
    CHECK(machine().opened == 1);
    CHECK(machine().value_of(Register::lvt_timer) == 0x30);  // vector 48, not masked, one shot
    CHECK(machine().value_of(Register::timer_divide_configuration) == 0b0011);
    CHECK_FALSE(machine().was_written(Register::timer_initial_count));

    timer::arm(1234);
    CHECK(machine().written.back() == std::pair(Register::timer_initial_count, 1234u));
    machine().current_count = 77;
    CHECK(timer::left() == 77);
}

TEST_CASE("its interrupt is acknowledged") {
    machine() = {};
    timer::start(timer::Mode::one_shot);
    machine().written.clear();
    REQUIRE(machine().handlers[48] != nullptr);
    machine().handlers[48]();
    CHECK(machine().written == std::vector{std::pair(Register::end_of_interrupt, 0u)});
}

TEST_CASE("the local APIC is enabled before anything of it is used") {
    machine() = {};
    timer::start(timer::Mode::deadline);
    REQUIRE_FALSE(machine().written.empty());
    CHECK(machine().written.front().first == Register::spurious_interrupt_vector);
    CHECK(machine().value_of(Register::lvt_timer) == (2u << 17 | 48));  // timer mode 2
}
