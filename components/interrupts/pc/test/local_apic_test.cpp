// SPDX-License-Identifier: BSD-3-Clause
#include "../local_apic.hpp"
#include "fakes.hpp"

#include <catch2/catch.hpp>

using namespace unicore::interrupts::pc::local_apic;
using unicore::test::machine;

TEST_CASE("registers in memory and model-specific ones are the same") {
    CHECK(model_specific_register(Register::end_of_interrupt) == 0x80b);
    CHECK(model_specific_register(Register::spurious_interrupt_vector) == 0x80f);
    CHECK(model_specific_register(Register::lvt_timer) == 0x832);
    CHECK(model_specific_register(Register::timer_initial_count) == 0x838);
    CHECK(model_specific_register(Register::timer_current_count) == 0x839);
    CHECK(model_specific_register(Register::timer_divide_configuration) == 0x83e);
}

TEST_CASE("where the registers are") {
    constexpr Base usual{0xfee0'0900};
    CHECK(usual.enabled());
    CHECK_FALSE(usual.x2apic());
    CHECK(usual.address() == 0xfee0'0000);
    CHECK(Base{0xfee0'0d00}.x2apic());
    CHECK_FALSE(Base{0xfee0'0100}.enabled());
    CHECK(Base{0x0000'0123'4567'89ff}.address() == 0x0000'0123'4567'8000);
}

TEST_CASE("starting opens the registers and quietens the 8259 pair") {
    machine() = {};
    start();
    CHECK(machine().masked_everything());
    CHECK(machine().value_of(Register::spurious_interrupt_vector) == 0x13f);
    REQUIRE(machine().handlers[0x3f] != nullptr);
    machine().handlers[0x3f]();
    CHECK_FALSE(machine().was_written(Register::end_of_interrupt));

    machine().master.mask = 0x12;
    machine().written.clear();
    start();
    CHECK(machine().written.empty());  // it runs already
    CHECK(machine().master.mask == 0x12);
}
