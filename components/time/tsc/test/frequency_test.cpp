// SPDX-License-Identifier: BSD-3-Clause
#include "../frequency.hpp"
#include "pc.hpp"

#include <catch2/catch.hpp>

using unicore::test::Cpu;
using unicore::test::pc;
using namespace unicore::time::tsc;

TEST_CASE("kvmclock is found where KVM may be") {
    CHECK(kvmclock_register<Cpu>() == 0);
    SECTION("alone") {
        pc().add_kvmclock();
        CHECK(kvmclock_register<Cpu>() == 0x4b56'4d01);
    }
    SECTION("behind Hyper-V's interface") {
        pc().leaves[0x4000'0000] = {0x4000'0005, 0x7263694d, 0x666f736f, 0x76482074};
        pc().add_kvmclock(0x4000'0100);
        CHECK(kvmclock_register<Cpu>() == 0x4b56'4d01);
    }
    SECTION("of the first kind") {
        pc().add_kvmclock(0x4000'0000, 1);
        CHECK(kvmclock_register<Cpu>() == 0x12);
    }
    SECTION("switched off") {
        pc().add_kvmclock(0x4000'0000, 1 << 24 | 1 << 7);
        CHECK(kvmclock_register<Cpu>() == 0);
    }
    SECTION("another hypervisor") {
        pc().leaves[0x4000'0000] = {0x4000'0001, 0x54474354, 0x43544743, 0x47435447};  // TCGTCGTCGTCG
        pc().leaves[0x4000'0001] = {0xffff'ffff};
        CHECK(kvmclock_register<Cpu>() == 0);
    }
}

TEST_CASE("the frequency by CPUID") {
    auto& leaves = pc().leaves;
    SECTION("nothing is told") { CHECK(frequency<Cpu>() == 0); }
    SECTION("by the hypervisor") {
        leaves[0x4000'0000] = {0x4000'0010};
        leaves[0x4000'0010] = {2'899'998, 1'000'000};
        CHECK(frequency<Cpu>() == 2'899'998'000);
    }
    SECTION("the hypervisor's leaves end before") {
        leaves[0x4000'0000] = {0x4000'0001};
        leaves[0x4000'0010] = {123};
        CHECK(frequency<Cpu>() == 0);
    }
    SECTION("a maximum that is no maximum") {
        leaves[0x4000'0000] = {0x16};
        leaves[0x4000'0010] = {123};
        CHECK(frequency<Cpu>() == 0);
    }
    SECTION("crystal and ratio") {
        leaves[0] = {0x16};
        leaves[0x15] = {2, 176, 24'000'000};
        CHECK(frequency<Cpu>() == 2'112'000'000);
    }
    SECTION("ratio and base frequency") {
        leaves[0] = {0x16};
        leaves[0x15] = {2, 216, 0};
        leaves[0x16] = {2600, 4000, 100};
        CHECK(frequency<Cpu>() == 2'600'000'000);
    }
    SECTION("ratio only") {
        leaves[0] = {0x15};
        leaves[0x15] = {2, 216, 0};
        leaves[0x16] = {2600};
        CHECK(frequency<Cpu>() == 0);
    }
    SECTION("base frequency only: may be another clock") {
        leaves[0] = {0x16};
        leaves[0x16] = {2600};
        CHECK(frequency<Cpu>() == 0);
    }
    SECTION("beyond the maximum") {
        leaves[0] = {0x14};
        leaves[0x15] = {2, 176, 24'000'000};
        CHECK(frequency<Cpu>() == 0);
    }
}

TEST_CASE("what is plausible") {
    CHECK_FALSE(plausible(0));
    CHECK_FALSE(plausible(8'000'000));
    CHECK(plausible(8'400'000));
    CHECK(plausible(19'990'000'000));
    CHECK_FALSE(plausible(20'100'000'000));
    CHECK_FALSE(plausible(~std::uint64_t{0}));
}
