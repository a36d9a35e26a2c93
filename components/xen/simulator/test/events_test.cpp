// SPDX-License-Identifier: BSD-3-Clause
#include "domains.hpp"

using namespace unicore::test;

TEST_CASE("ports are handed out from the lowest, and again when they are closed") {
    in_a_domain([] {
        // 1 is the console's.
        CHECK(allocate(3) == 2);
        CHECK(allocate(DOMID_SELF) == 3);
        CHECK(allocate(0) == 4);
        CHECK(close_port(3) == 0);
        CHECK(bind_virq(VIRQ_DEBUG) == 3);
        CHECK(status(1).status == EVTCHNSTAT_interdomain);
        CHECK(status(2).status == EVTCHNSTAT_unbound);
        CHECK(status(2).u.unbound.dom == 3);
        CHECK(status(3).status == EVTCHNSTAT_virq);
        CHECK(status(3).u.virq == VIRQ_DEBUG);
        CHECK(status(9).status == EVTCHNSTAT_closed);
    });
}

TEST_CASE("there are as many ports as the toolstack says") {
    in_a_domain(
        [] {
            for (int port = 2; port <= 200; ++port) REQUIRE(allocate(0) == port);
            CHECK(allocate(0) == -XEN_ENOSPC);
            CHECK(close_port(150) == 0);
            CHECK(allocate(0) == 150);
        },
        {.last_port = 200});
}

TEST_CASE("nonsense gives the errors that Xen gives") {
    in_a_domain([] {
        CHECK(allocate(0, 77) == -XEN_ESRCH);
        CHECK(bind(77, 1) == -XEN_ESRCH);
        CHECK(bind(DOMID_SELF, 1) == -XEN_EINVAL);    // the console's
        CHECK(bind(DOMID_SELF, 99) == -XEN_EINVAL);   // free
        CHECK(bind(DOMID_SELF, 5000) == -XEN_EINVAL);
        CHECK(bind_virq(24) == -XEN_EINVAL);
        CHECK(bind_virq(VIRQ_TIMER, 1) == -XEN_ENOENT);
        CHECK(bind_virq(VIRQ_CONSOLE, 1) == -XEN_EINVAL);  // one of no vCPU
        CHECK(bind_virq(VIRQ_TIMER) == 2);
        CHECK(bind_virq(VIRQ_TIMER) == -XEN_EEXIST);
        CHECK(send(2) == -XEN_EINVAL);
        for (const evtchn_port_t port : {0u, 3u, 4096u, ~0u}) {
            CHECK(close_port(port) == -XEN_EINVAL);
            CHECK(send(port) == -XEN_EINVAL);
        }
        CHECK(unmask(0) == 0);
        CHECK(unmask(100'000) == -XEN_EINVAL);
        CHECK(unmask(63) == 0);
        CHECK(unmask(64) == -XEN_EINVAL);  // nobody had one so far up
        evtchn_bind_vcpu nowhere{.port = 5000, .vcpu = 1};
        const auto bind_vcpu = [&] {
            return hypercall::call(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_vcpu, &nowhere);
        };
        CHECK(bind_vcpu() == -XEN_ENOENT);
        nowhere.vcpu = 0;
        CHECK(bind_vcpu() == -XEN_EINVAL);
        for (const std::uintptr_t address :
             {std::uintptr_t{0}, std::uintptr_t{1}, std::uintptr_t{0xdead'beef'dead'beef}})
            for (unsigned command = 0; command < 14; ++command)
                CHECK(hypercall::call(__HYPERVISOR_event_channel_op, command, address) < 0);
        CHECK(hypercall::call(__HYPERVISOR_event_channel_op, EVTCHNOP_send, 0) == -XEN_EFAULT);
        CHECK(hypercall::call(__HYPERVISOR_event_channel_op, 99, 0) == -XEN_ENOSYS);
        CHECK(hypercall::call(__HYPERVISOR_hvm_op, 0, 0) == -XEN_ENOSYS);
    });
}

TEST_CASE("a domain cannot act for another") {
    Simulation simulation(1);
    simulation.add_domain({.id = 5, .background = true, .main = [] {}});
    simulation.add_domain({.main = [] {
        CHECK(allocate(0, 5) == -XEN_EPERM);
        evtchn_status op{};
        op.dom = 5;
        op.port = 1;
        CHECK(raw(op) == -XEN_EPERM);
    }});
    CHECK(simulation.run().finished());
}

TEST_CASE("an event sets the bits, and raises an upcall unless it is masked") {
    in_a_domain([] {
        take_upcalls();
        const unsigned start = upcalls();  // setting the vector raises it once
        const auto port = static_cast<evtchn_port_t>(allocate(DOMID_SELF));
        const auto other = static_cast<evtchn_port_t>(bind(DOMID_SELF, port));
        CHECK(upcalls() == start + 1);  // connecting
        CHECK(send(other) == 0);
        CHECK(upcalls() == start + 2);
        {
            const MaskGuard masked;
            CHECK(send(port) == 0);
            CHECK(send(port) == 0);
            CHECK(upcalls() == start + 2);
            CHECK(pending(other));
            CHECK_FALSE(pending(port));
        }
        CHECK(upcalls() == start + 3);
        CHECK_FALSE(pending(other));

        mask(port);
        CHECK(send(other) == 0);
        CHECK(upcalls() == start + 3);
        CHECK(pending(port));
        CHECK(unmask(port) == 0);
        CHECK(upcalls() == start + 4);
        CHECK_FALSE(pending(port));
        CHECK(unmask(port) == 0);
        CHECK(upcalls() == start + 4);
    });
}

TEST_CASE("closing an end leaves the other unbound, and what was pending is gone") {
    in_a_domain([] {
        const MaskGuard masked;
        const auto port = static_cast<evtchn_port_t>(allocate(DOMID_SELF));
        const auto other = static_cast<evtchn_port_t>(bind(DOMID_SELF, port));
        CHECK(pending(other));
        CHECK(close_port(other) == 0);
        CHECK_FALSE(pending(other));
        CHECK(status(port).status == EVTCHNSTAT_unbound);
        CHECK(send(port) == 0);  // vanishes
        CHECK(bind(DOMID_SELF, port) == other);
        CHECK(status(port).status == EVTCHNSTAT_interdomain);
        CHECK(status(port).u.interdomain.port == other);
    });
}

TEST_CASE("only the domain that a port is for can connect to it") {
    Simulation simulation(1);
    std::int64_t port = 0;
    bool tried = false;
    Domain& owner = simulation.add_domain({.main = [&] {
        port = allocate(2);
        until([&] { return tried && status(static_cast<evtchn_port_t>(port)).status == EVTCHNSTAT_interdomain; });
        CHECK(close_port(static_cast<evtchn_port_t>(port)) == 0);
    }});
    simulation.add_domain({.main = [&] {
        until([&] { return tried; });
        const std::int64_t mine = bind(1, static_cast<evtchn_port_t>(port));
        CHECK(mine == 2);
        until([&] { return status(2).status == EVTCHNSTAT_unbound; });
        CHECK(status(2).u.unbound.dom == 1);
    }});
    simulation.add_domain({.main = [&] {
        until([&] { return port != 0; });
        CHECK(bind(1, static_cast<evtchn_port_t>(port)) == -XEN_EINVAL);
        tried = true;
    }});
    CHECK(simulation.run().finished());
    CHECK(owner.leaks() == "");
}

TEST_CASE("a domain that is destroyed leaves unbound ports behind") {
    Simulation simulation(3);
    std::int64_t port = 0;
    Domain& victim = simulation.add_domain({.main = [&] {
        port = allocate(2);
        for (;;) hypercall::yield();
    }});
    simulation.add_domain({.main = [&] {
        until([&] { return port != 0; });
        const auto mine = static_cast<evtchn_port_t>(bind(1, static_cast<evtchn_port_t>(port)));
        simulation.destroy(victim);
        CHECK(status(mine).status == EVTCHNSTAT_unbound);
        CHECK(send(mine) == 0);
        CHECK(bind(1, static_cast<evtchn_port_t>(port)) == -XEN_ESRCH);
    }});
    CHECK(simulation.run().finished());
}

TEST_CASE("polling ends with the event, masked or not, or with its time") {
    in_a_domain([] {
        const MaskGuard masked;
        auto port = static_cast<evtchn_port_t>(allocate(DOMID_SELF));
        const auto other = static_cast<evtchn_port_t>(bind(DOMID_SELF, port));
        mask(port);
        sched_poll poll{};
        poll.ports.p = &port;
        poll.nr_ports = 1;
        poll.timeout = 5'000'000;
        CHECK(raw(poll) == 0);
        CHECK(guest::shared().vcpu_info[0].time.system_time == 5'000'000);
        CHECK(raw(poll) == 0);  // has passed
        CHECK(send(other) == 0);
        poll.timeout = 0;
        CHECK(raw(poll) == 0);
        CHECK(guest::shared().vcpu_info[0].time.system_time == 5'000'000);
        poll.nr_ports = 129;
        CHECK(raw(poll) == -XEN_EINVAL);
        poll.nr_ports = 2;
        poll.ports.p = nullptr;
        CHECK(raw(poll) == -XEN_EFAULT);
    });
}

TEST_CASE("a poller is woken by another domain") {
    Simulation simulation(1);
    std::int64_t port = 0;
    simulation.add_domain({.name = "poller", .main = [&] {
        const MaskGuard masked;
        port = allocate(2);
        auto mine = static_cast<evtchn_port_t>(port);
        mask(mine);
        sched_poll poll{};
        poll.ports.p = &mine;
        poll.nr_ports = 1;
        CHECK(raw(poll) == 0);
        CHECK(pending(mine));
    }});
    simulation.add_domain({.main = [&] {
        until([&] { return port != 0; });
        CHECK(send(static_cast<evtchn_port_t>(bind(1, static_cast<evtchn_port_t>(port)))) == 0);
    }});
    const Outcome outcome = simulation.run();
    INFO(outcome.report);
    CHECK(outcome.finished());
}

TEST_CASE("blocking opens the mask") {
    in_a_domain([] {
        take_upcalls();
        const unsigned start = upcalls();
        CHECK(bind_virq(VIRQ_TIMER) == 2);
        static_cast<void>(Interrupts::save_and_mask());
        CHECK(hypercall::set_timer(1000).has_value());
        hypercall::block();
        CHECK(upcalls() == start + 1);
        CHECK_FALSE(Interrupts::masked());
    });
}

TEST_CASE("a PV domain without a callback that blocks is crashed by the first event") {
    Simulation simulation(1);
    Domain& domain = simulation.add_domain({.paravirtual = true, .main = [] {
        CHECK(bind_virq(VIRQ_TIMER) == 2);
        CHECK(hypercall::set_timer(1000).has_value());
        hypercall::block();
        FAIL_CHECK("it goes on");
    }});
    CHECK(simulation.run().finished());
    CHECK(domain.shutdown_reason() == SHUTDOWN_crash);
}

TEST_CASE("an upcall that leaves its flag set is the last of a PVH domain") {
    Simulation simulation(1);
    simulation.add_domain({.main = [] {
        REQUIRE(guest::set_upcall([]() noexcept { ++upcalls(); }).has_value());
        const auto port = static_cast<evtchn_port_t>(allocate(DOMID_SELF));
        const auto other = static_cast<evtchn_port_t>(bind(DOMID_SELF, port));
        const unsigned before = upcalls();
        CHECK(send(other) == 0);
        CHECK(upcalls() == before);
    }});
    CHECK(simulation.run().finished());
}
