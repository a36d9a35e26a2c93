// SPDX-License-Identifier: BSD-3-Clause
#include "../exceptions.hpp"

#include <catch2/catch.hpp>

using unicore::arch::Attempt;
using unicore::arch::mips::Cause;

namespace {

constexpr Cause cause(Cause::Code code, bool delay_slot = false) {
    return {static_cast<std::uint32_t>(code) << 2 | (delay_slot ? 1u << 31 : 0) | 0x8000'ff00 >> 1};
}

constexpr std::uint32_t epc = 0xc010'2000;

}  // namespace

TEST_CASE("the exception's code stands between other bits") {
    CHECK(Cause{0x8080'fc7c | 19 << 2}.code() == static_cast<Cause::Code>(31));
    CHECK(Cause{0x8080'ff50}.code() == Cause::Code::execute_inhibit);
    CHECK(Cause{0}.code() == Cause::Code::interrupt);
}

TEST_CASE("stores and writes to what may be read only are writes") {
    for (const auto code : {Cause::Code::modified, Cause::Code::tlb_store, Cause::Code::address_store})
        CHECK(cause(code).attempt(epc, 0x1234) == Attempt::write);
}

TEST_CASE("a load of the instruction itself is a fetch") {
    for (const auto code : {Cause::Code::tlb_load, Cause::Code::address_load, Cause::Code::read_inhibit}) {
        CHECK(cause(code).attempt(epc, epc) == Attempt::execute);
        CHECK(cause(code).attempt(epc, epc + 4) == Attempt::read);
        CHECK(cause(code).attempt(epc, 0) == Attempt::read);
        CHECK(cause(code, true).attempt(epc, epc + 4) == Attempt::execute);  // of the instruction behind a branch
        CHECK(cause(code, true).attempt(epc, epc) == Attempt::read);
    }
    CHECK(cause(Cause::Code::execute_inhibit).attempt(epc, 0x1234) == Attempt::execute);
}

TEST_CASE("only exceptions about an address have one") {
    for (const auto code : {Cause::Code::modified, Cause::Code::tlb_load, Cause::Code::tlb_store, Cause::Code::address_load,
                            Cause::Code::address_store, Cause::Code::read_inhibit, Cause::Code::execute_inhibit})
        CHECK(cause(code).has_address());
    for (const auto code : {Cause::Code::interrupt, Cause::Code::bus_fetch, Cause::Code::bus_data, Cause::Code::system_call,
                            Cause::Code::breakpoint, Cause::Code::reserved_instruction, Cause::Code::coprocessor_unusable,
                            Cause::Code::overflow, Cause::Code::trap, Cause::Code::floating_point})
        CHECK_FALSE(cause(code).has_address());
}
