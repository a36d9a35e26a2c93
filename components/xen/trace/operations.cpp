// SPDX-License-Identifier: BSD-3-Clause
#include "operations.hpp"

#include <xen/event_channel.h>
#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>
#include <xen/xen.h>

#include <cstring>

namespace unicore::xen::trace {
namespace {

using Form = Operation::Form;

template <typename T, void (*Show)(Words&, const T&)>
void show(Words& words, const std::byte* structure) {
    T copy;
    std::memcpy(&copy, structure, sizeof copy);
    Show(words, copy);
}

/// An operation with a structure `T`, or several.
template <typename T, void (*Before)(Words&, const T&), void (*After)(Words&, const T&)>
constexpr Operation of(unsigned number, unsigned command, const char* name, Form form = Form::one) {
    static_assert(sizeof(T) <= Operation::most);
    return {number, command, name, form, sizeof(T), show<T, Before>, show<T, After>};
}

template <typename T>
void nothing(Words&, const T&) {}

template <typename T>
void port_before(Words& words, const T& op) {
    words.chosen("port", Kind::port, op.port);
}
template <typename T>
void port_after(Words& words, const T& op) {
    words.chosen("port", Kind::port, op.port, true);
}
template <typename T>
void domain_before(Words& words, const T& op) {
    words.chosen("dom", Kind::domain, op.dom);
}
template <typename T>
void domid_before(Words& words, const T& op) {
    words.chosen("dom", Kind::domain, op.domid);
}
template <typename T>
void status_after(Words& words, const T& op) {
    words.value("status", op.status);
}

void alloc_unbound(Words& words, const evtchn_alloc_unbound& op) {
    words.chosen("dom", Kind::domain, op.dom).chosen("remote", Kind::domain, op.remote_dom);
}
void bind_interdomain(Words& words, const evtchn_bind_interdomain& op) {
    words.chosen("remote", Kind::domain, op.remote_dom).chosen("remote_port", Kind::remote_port, op.remote_port);
}
void bound_interdomain(Words& words, const evtchn_bind_interdomain& op) {
    words.chosen("port", Kind::port, op.local_port, true);
}
void bind_virq(Words& words, const evtchn_bind_virq& op) { words.value("virq", op.virq).value("vcpu", op.vcpu); }
void bind_ipi(Words& words, const evtchn_bind_ipi& op) { words.value("vcpu", op.vcpu); }
void bind_vcpu(Words& words, const evtchn_bind_vcpu& op) {
    words.chosen("port", Kind::port, op.port).value("vcpu", op.vcpu);
}
void status(Words& words, const evtchn_status& op) {
    words.chosen("dom", Kind::domain, op.dom).chosen("port", Kind::port, op.port);
}
void status_known(Words& words, const evtchn_status& op) {
    words.value("status", op.status).value("vcpu", op.vcpu);
    if (op.status == EVTCHNSTAT_unbound) words.chosen("dom", Kind::domain, op.u.unbound.dom);
    if (op.status == EVTCHNSTAT_virq) words.value("virq", op.u.virq);
    if (op.status == EVTCHNSTAT_interdomain)
        words.chosen("dom", Kind::domain, op.u.interdomain.dom)
            .chosen("remote_port", Kind::remote_port, op.u.interdomain.port);
}

void map(Words& words, const gnttab_map_grant_ref& op) {
    words.chosen("dom", Kind::domain, op.dom).chosen("ref", Kind::reference, op.ref);
    if ((op.flags & GNTMAP_host_map) == 0) words.value("flags", op.flags);
    if ((op.flags & GNTMAP_readonly) != 0) words.word("readonly");
}
void mapped(Words& words, const gnttab_map_grant_ref& op) {
    words.value("status", op.status);
    if (op.status == GNTST_okay) words.chosen("handle", Kind::handle, op.handle, true);
}
void unmap(Words& words, const gnttab_unmap_grant_ref& op) {
    words.chosen("handle", Kind::handle, op.handle);
    if (op.host_addr == 0) words.word("nowhere");
}
void copy_side(Words& words, std::string_view name, const gnttab_copy::gnttab_copy_ptr& side, bool by_reference) {
    words.word(name).chosen("dom", Kind::domain, side.domid);
    if (by_reference) words.chosen("ref", Kind::reference, side.u.ref);
    else words.chosen("frame", Kind::frame, side.u.gmfn);
    words.value("offset", side.offset);
}
void copy(Words& words, const gnttab_copy& op) {
    copy_side(words, "from", op.source, (op.flags & GNTCOPY_source_gref) != 0);
    copy_side(words, "to", op.dest, (op.flags & GNTCOPY_dest_gref) != 0);
    words.value("length", op.len);
}
void setup_table(Words& words, const gnttab_setup_table& op) {
    words.chosen("dom", Kind::domain, op.dom).value("frames", op.nr_frames);
}
void size_known(Words& words, const gnttab_query_size& op) {
    words.value("status", op.status);
    if (op.status == GNTST_okay) words.value("frames", op.nr_frames).value("most", op.max_nr_frames);
}
void set_version(Words& words, const gnttab_set_version& op) { words.value("version", op.version); }
void version_known(Words& words, const gnttab_get_version& op) { words.value("version", op.version); }

void add_to_physmap(Words& words, const xen_add_to_physmap& op) {
    words.chosen("dom", Kind::domain, op.domid).value("space", op.space).value("index", op.idx);
    words.chosen("frame", Kind::frame, op.gpfn);
}
void reservation(Words& words, const xen_memory_reservation& op) {
    words.chosen("dom", Kind::domain, op.domid).value("extents", op.nr_extents).value("order", op.extent_order);
}
void poll(Words& words, const sched_poll& op) { words.value("ports", op.nr_ports); }
void shutdown(Words& words, const sched_shutdown& op) { words.value("reason", op.reason); }

constexpr unsigned events = __HYPERVISOR_event_channel_op, grants = __HYPERVISOR_grant_table_op,
                   memory = __HYPERVISOR_memory_op, sched = __HYPERVISOR_sched_op, vcpu = __HYPERVISOR_vcpu_op,
                   version = __HYPERVISOR_xen_version, console = __HYPERVISOR_console_io;

constexpr Operation operations[] = {
    of<evtchn_alloc_unbound, alloc_unbound, port_after>(events, EVTCHNOP_alloc_unbound, "alloc_unbound"),
    of<evtchn_bind_interdomain, bind_interdomain, bound_interdomain>(events, EVTCHNOP_bind_interdomain,
                                                                     "bind_interdomain"),
    of<evtchn_bind_virq, bind_virq, port_after>(events, EVTCHNOP_bind_virq, "bind_virq"),
    of<evtchn_bind_ipi, bind_ipi, port_after>(events, EVTCHNOP_bind_ipi, "bind_ipi"),
    of<evtchn_bind_vcpu, bind_vcpu, nothing>(events, EVTCHNOP_bind_vcpu, "bind_vcpu"),
    of<evtchn_close, port_before, nothing>(events, EVTCHNOP_close, "close"),
    of<evtchn_send, port_before, nothing>(events, EVTCHNOP_send, "send"),
    of<evtchn_status, status, status_known>(events, EVTCHNOP_status, "status"),
    of<evtchn_unmask, port_before, nothing>(events, EVTCHNOP_unmask, "unmask"),
    of<evtchn_reset, domain_before, nothing>(events, EVTCHNOP_reset, "reset"),
    of<gnttab_map_grant_ref, map, mapped>(grants, GNTTABOP_map_grant_ref, "map", Form::many),
    of<gnttab_unmap_grant_ref, unmap, status_after>(grants, GNTTABOP_unmap_grant_ref, "unmap", Form::many),
    of<gnttab_copy, copy, status_after>(grants, GNTTABOP_copy, "copy", Form::many),
    of<gnttab_setup_table, setup_table, status_after>(grants, GNTTABOP_setup_table, "setup_table"),
    of<gnttab_query_size, domain_before, size_known>(grants, GNTTABOP_query_size, "query_size"),
    of<gnttab_set_version, set_version, nothing>(grants, GNTTABOP_set_version, "set_version"),
    of<gnttab_get_version, domain_before, version_known>(grants, GNTTABOP_get_version, "get_version"),
    of<xen_memory_reservation, reservation, nothing>(memory, XENMEM_populate_physmap, "populate_physmap",
                                                     Form::reservation),
    of<xen_memory_reservation, reservation, nothing>(memory, XENMEM_decrease_reservation, "decrease_reservation",
                                                     Form::reservation),
    of<xen_memory_domain, domid_before, nothing>(memory, XENMEM_current_reservation, "current_reservation"),
    of<xen_memory_domain, domid_before, nothing>(memory, XENMEM_maximum_reservation, "maximum_reservation"),
    of<xen_add_to_physmap, add_to_physmap, nothing>(memory, XENMEM_add_to_physmap, "add_to_physmap"),
    {.number = sched, .command = SCHEDOP_yield, .name = "yield"},
    {.number = sched, .command = SCHEDOP_block, .name = "block"},
    of<sched_poll, poll, nothing>(sched, SCHEDOP_poll, "poll"),
    of<sched_shutdown, shutdown, nothing>(sched, SCHEDOP_shutdown, "shutdown"),
    {.number = vcpu, .command = VCPUOP_is_up, .name = "is_up"},
    {.number = vcpu, .command = VCPUOP_stop_periodic_timer, .name = "stop_periodic_timer"},
    {.number = vcpu, .command = VCPUOP_set_singleshot_timer, .name = "set_singleshot_timer"},
    {.number = vcpu, .command = VCPUOP_stop_singleshot_timer, .name = "stop_singleshot_timer"},
    {.number = version, .command = XENVER_version, .name = "version"},
    {.number = version, .command = XENVER_extraversion, .name = "extraversion"},
    {.number = version, .command = XENVER_pagesize, .name = "pagesize"},
    {.number = version, .command = XENVER_get_features, .name = "get_features"},
    {.number = console, .command = CONSOLEIO_write, .name = "write"},
};

constexpr struct {
    unsigned number;
    const char* name;
} names[] = {
    {events, "event_channel_op"},
    {grants, "grant_table_op"},
    {memory, "memory_op"},
    {sched, "sched_op"},
    {vcpu, "vcpu_op"},
    {version, "xen_version"},
    {console, "console_io"},
    {__HYPERVISOR_set_timer_op, "set_timer_op"},
};

}  // namespace

const Operation* find_operation(unsigned number, std::uintptr_t command) noexcept {
    for (const Operation& operation : operations)
        if (operation.number == number && operation.command == command) return &operation;
    return nullptr;
}

const char* name_of(unsigned number) noexcept {
    for (const auto& entry : names)
        if (entry.number == number) return entry.name;
    return nullptr;
}

}  // namespace unicore::xen::trace
