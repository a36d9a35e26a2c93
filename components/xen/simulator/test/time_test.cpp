// SPDX-License-Identifier: BSD-3-Clause
#include "domains.hpp"

using namespace unicore::test;

namespace {

std::uint64_t now() { return guest::shared().vcpu_info[0].time.system_time; }

void sleep_until(std::uint64_t time) {
    const MaskGuard masked;
    REQUIRE(hypercall::set_timer(time).has_value());
    while (now() < time) Interrupts::unmask_and_wait();
}

}  // namespace

TEST_CASE("time goes on only while everybody waits") {
    Simulation simulation(1);
    std::vector<std::uint64_t> order;
    for (const std::uint64_t time : {300u, 100u, 200u})
        simulation.add_domain({.main = [&order, time] {
            take_upcalls();
            REQUIRE(bind_virq(VIRQ_TIMER) > 0);
            for (int i = 0; i < 10; ++i) hypercall::yield();
            CHECK(now() == 0);
            sleep_until(time);
            order.push_back(now());
        }});
    CHECK(simulation.run().finished());
    CHECK(order == std::vector<std::uint64_t>{100, 200, 300});
    CHECK(simulation.now() == 300ns);
}

TEST_CASE("who does nothing but yield lets time pass") {
    Simulation simulation(1);
    simulation.add_domain({.main = [] {
        REQUIRE(bind_virq(VIRQ_TIMER) == 2);
        REQUIRE(hypercall::set_timer(1000).has_value());
        until([] { return pending(2); });
        CHECK(now() == 1000);
    }});
    CHECK(simulation.run().finished());
}

TEST_CASE("time does not depend on the time-stamp counter") {
    in_a_domain([] {
        const vcpu_time_info& time = guest::shared().vcpu_info[0].time;
        CHECK(time.version % 2 == 0);
        CHECK(time.tsc_to_system_mul == 0);
        CHECK(guest::shared().wc_sec == 1'700'000'000);
    });
}

TEST_CASE("a timer in the past is raised at once, none by zero, and one too far off soon") {
    in_a_domain([] {
        take_upcalls();
        REQUIRE(bind_virq(VIRQ_TIMER) == 2);
        sleep_until(1000);
        const unsigned before = upcalls();
        CHECK(hypercall::set_timer(500).has_value());
        CHECK(upcalls() == before + 1);
        CHECK(hypercall::set_timer(2000).has_value());
        CHECK(hypercall::set_timer(0).has_value());
        CHECK(hypercall::set_timer(~std::uint64_t{0}).has_value());
        const MaskGuard masked;
        Interrupts::unmask_and_wait();
        CHECK(now() == 1000 + 100'000'000);
    });
}

TEST_CASE("a test's own actions come at their time, in between") {
    Simulation simulation(1);
    std::string order;
    simulation.at(1ms, [&] { order += "a"; });
    simulation.at(3ms, [&] { order += "c"; });
    simulation.add_domain({.main = [&] {
        take_upcalls();
        REQUIRE(bind_virq(VIRQ_TIMER) == 2);
        sleep_until(2'000'000);
        order += "b";
        sleep_until(4'000'000);
        order += "d";
    }});
    CHECK(simulation.run().finished());
    CHECK(order == "abcd");
}

TEST_CASE("the periodic timer can be stopped, and there is one vCPU") {
    in_a_domain([] {
        CHECK(hypercall::call(__HYPERVISOR_vcpu_op, VCPUOP_stop_periodic_timer, 0, 0) == 0);
        CHECK(hypercall::call(__HYPERVISOR_vcpu_op, VCPUOP_stop_periodic_timer, 1, 0) == -XEN_ENOENT);
        CHECK(hypercall::call(__HYPERVISOR_vcpu_op, VCPUOP_is_up, 0, 0) == 1);
    });
}
