// SPDX-License-Identifier: BSD-3-Clause
// Event channels: the states of a port, who may connect to it, and how events arrive.
#include "raw.hpp"
#include "scenarios.hpp"

#include <unicore/xen/events.hpp>

#include <xen/version.h>

#include <array>
#include <utility>

namespace unicore::test {

using xen::events::EventChannel;

namespace {

constexpr evtchn_port_t far = 5000;  // there are 4096

void say_bits(const char* what, evtchn_port_t port) noexcept {
    say(what, " pending=", pending(port), " masked=", masked(port));
}

/// Counts what arrives.
struct Bell {
    volatile int rings = 0;

    xen::events::Handler handler() noexcept {
        return {[](void* bell) noexcept {
                    Bell& self = *static_cast<Bell*>(bell);
                    self.rings = self.rings + 1;
                },
                this};
    }
    /// Waits until it rang so often.
    void say_rings(int expected) noexcept {
        soon([&] { return rings >= expected; });
        say("rang ", static_cast<int>(rings));
    }
};

}  // namespace

void scenario::versions(Stage&) noexcept {
    hypercall::call(__HYPERVISOR_xen_version, XENVER_version, 0);
    hypercall::call(__HYPERVISOR_xen_version, XENVER_pagesize, 0);
    hypercall::call(__HYPERVISOR_xen_version, 999, 0);
    hypercall::call(__HYPERVISOR_xen_version, XENVER_get_features, 0);
    hypercall::call(__HYPERVISOR_vcpu_op, VCPUOP_is_up, 0, 0);
    hypercall::call(__HYPERVISOR_vcpu_op, VCPUOP_is_up, 1, 0);
    hypercall::call(__HYPERVISOR_vcpu_op, 999, 0, 0);
    hypercall::call(__HYPERVISOR_event_channel_op, 999, 0);
    hypercall::call(__HYPERVISOR_event_channel_op, EVTCHNOP_send, 0);
    hypercall::call(__HYPERVISOR_grant_table_op, 999, 0, 1);
    hypercall::call(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, 0, 1);
    hypercall::call(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, 0, 0);
    hypercall::call(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, 0, -1);
    hypercall::call(__HYPERVISOR_memory_op, 999, 0);
    hypercall::call(__HYPERVISOR_memory_op, XENMEM_populate_physmap, 0);
    hypercall::call(__HYPERVISOR_memory_op, XENMEM_current_reservation, 0);
    hypercall::call(50);
    hypercall::call(999);
}

void scenario::events(Stage& stage) noexcept {
    evtchn_port_t port = 0, second = 0;
    stage.turn(Role::front, [&] {
        port = allocate(stage.peer);
        second = allocate(0);  // not for the peer
        status(port);
        send(port);
        say_bits("unbound", port);
        close(allocate(nobody));
        close(allocate(DOMID_SELF));
        allocate(stage.peer, stage.peer);
        allocate(stage.peer, nobody);
        stage.tell("port", port);
        stage.tell("second", second);
    });
    stage.turn(Role::back, [&] {
        const auto theirs = static_cast<evtchn_port_t>(stage.hear("port", Recorder::Kind::remote_port));
        connect(nobody, 1);
        connect(stage.peer, 0);
        connect(stage.peer, 1);  // xenstored's
        connect(stage.peer, far);
        connect(stage.peer, static_cast<evtchn_port_t>(stage.hear("second", Recorder::Kind::remote_port)));
        port = connect(stage.peer, theirs);
        connect(stage.peer, theirs);
        say_bits("connected", port);
        status(port);
        clear_pending(port);
        send(port);
        send(port);
        say_bits("sent", port);
        stage.tell("port", port);
    });
    stage.turn(Role::front, [&] {
        stage.hear("port", Recorder::Kind::remote_port);
        status(port);
        say_bits("received", port);
        clear_pending(port);
        send(port);
        status(1, stage.peer);
        status(1, nobody);
        status(far);
        status(0);
        bind_vcpu(port, 0);
        bind_vcpu(port, 1);
        bind_vcpu(far, 1);
        bind_vcpu(0, 0);
        event_op(EVTCHNOP_reset, evtchn_reset{stage.peer});
        event_op(EVTCHNOP_reset, evtchn_reset{nobody});
    });
    stage.turn(Role::back, [&] {
        say_bits("received", port);
        close(port);
        close(port);
        send(port);
        status(port);
        unmask(port);
        bind_vcpu(port, 0);
        say_bits("closed", port);
    });
    stage.turn(Role::front, [&] {
        status(port);  // unbound again
        send(port);
        close(0);
        close(far);
        send(0);
        send(far);
        unmask(0);
        unmask(far);
    });
    stage.turn(Role::back, [&] {
        port = connect(stage.peer, static_cast<evtchn_port_t>(stage.hear("port", Recorder::Kind::remote_port)));
        status(port);
    });
    stage.turn(Role::front, [&] {
        close(port);
        close(port);
        close(second);
    });
    stage.turn(Role::back, [&] {
        status(port);
        send(port);
        close(port);
    });
    stage.turn(Role::front, [&] {
        // A channel of a domain with itself.
        const evtchn_port_t one = allocate(DOMID_SELF), other = connect(DOMID_SELF, one);
        clear_pending(other);
        send(one);
        say_bits("one", one);
        say_bits("other", other);
        send(other);
        say_bits("one", one);
        close(one);
        status(other);
        close(other);
        // Ports that nobody ever had: which of them are there tells how many Xen makes at once.
        for (const evtchn_port_t free : {40, 63, 64, 100, 127, 128, 1000}) status(free);
        // All of them. To a PVH domain, for which Xen has the same code, that would take ten seconds under QEMU.
        if (!guest::paravirtual()) return;
        std::int64_t last = 0;
        evtchn_alloc_unbound next{DOMID_SELF, stage.peer, 0};
        std::array<evtchn_port_t, 1100> made;
        std::size_t count = 0;
        {
            const Quiet quiet;
            while (count != made.size() && last == 0) {
                last = hypercall::call(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, &next);
                if (last == 0) made[count++] = next.port;
            }
        }
        say("the last port is ", count == 0 ? 0 : made[count - 1], ", then ", last);
        const Quiet quiet;
        for (std::size_t i = 0; i != count; ++i) close(made[i]);
    });
}

void scenario::handlers(Stage& stage) noexcept {
    Bell bell;
    EventChannel channel;
    stage.turn(Role::front, [&] {
        auto made = EventChannel::allocate(stage.peer, bell.handler());
        if (made) channel = std::move(*made);
        stage.tell("port", channel.port());
    });
    stage.turn(Role::back, [&] {
        auto made = EventChannel::connect(
            stage.peer, static_cast<evtchn_port_t>(stage.hear("port", Recorder::Kind::remote_port)), bell.handler());
        if (made) channel = std::move(*made);
        bell.say_rings(1);  // an event may have been lost before
        channel.notify();
    });
    stage.turn(Role::front, [&] {
        bell.say_rings(1);
        channel.mask();
        channel.notify();
    });
    stage.turn(Role::back, [&] {
        bell.say_rings(2);
        channel.notify();
        channel.notify();
    });
    stage.turn(Role::front, [&] {
        bell.say_rings(1);
        say_bits("behind the mask", channel.port());
        channel.unmask();
        bell.say_rings(2);  // two became one
    });
    stage.turn(Role::back, [&] { channel = EventChannel(); });
    stage.turn(Role::front, [&] {
        channel.notify();
        say("connecting to a port of nobody's: ", outcome(EventChannel::connect(stage.peer, far, bell.handler())));
        say("connecting to nobody: ", outcome(EventChannel::connect(nobody, 1, bell.handler())));
        channel = EventChannel();
    });
}

void scenario::virqs(Stage&) noexcept {
    bind_virq(VIRQ_TIMER);  // the clock has it
    const evtchn_port_t debug = bind_virq(VIRQ_DEBUG);
    bind_virq(VIRQ_DEBUG);
    status(debug);
    send(debug);
    bind_vcpu(debug, 0);
    close(debug);
    close(bind_virq(VIRQ_DEBUG));
    bind_virq(VIRQ_DEBUG, 1);
    bind_virq(VIRQ_CONSOLE, 1);
    bind_virq(NR_VIRQS);
    bind_virq(1000);
    bind_virq(1000, 1);
    const evtchn_port_t ipi = bind_ipi(0);
    bind_ipi(1);
    status(ipi);
    send(ipi);
    say_bits("sent", ipi);
    bind_vcpu(ipi, 0);
    close(ipi);
}

}  // namespace unicore::test
