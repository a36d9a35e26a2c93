// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/trace.hpp>

#include <cstdint>  // which Xen's headers need

#include <xen/event_channel.h>
#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xen/xen.h>

#include <catch2/catch.hpp>

#include <cstring>
#include <string>
#include <vector>

using namespace unicore;
using namespace unicore::xen::trace;

namespace {

/// Shows kinds and numbers as they are, and reads anything but address 0.
struct Plain final : View {
    bool read(void* to, std::uintptr_t from, std::size_t size) noexcept override {
        if (from < size) return false;
        std::memcpy(to, reinterpret_cast<const void*>(from), size);
        return true;
    }
    void show(text::Line& line, Kind kind, std::uint64_t number, bool fresh) noexcept override {
        line << static_cast<int>(kind) << ':' << number << (fresh ? "!" : "");
    }
    void forget(Kind kind, std::uint64_t number) noexcept override { forgotten.push_back({kind, number}); }
    std::vector<std::pair<Kind, std::uint64_t>> forgotten;
};

template <typename T>
std::uintptr_t address(T& structure) {
    return reinterpret_cast<std::uintptr_t>(&structure);
}

}  // namespace

TEST_CASE("a hypercall is described by its arguments, its result and what came back") {
    Plain view;
    evtchn_alloc_unbound op{.dom = 1, .remote_dom = 2, .port = 0};
    Hypercall call(view, __HYPERVISOR_event_channel_op, {EVTCHNOP_alloc_unbound, address(op), 0, 0, 0});
    CHECK(call.unfinished() == "event_channel_op alloc_unbound dom=0:1 remote=0:2");
    op.port = 7;
    CHECK(call.finish(0) == "event_channel_op alloc_unbound dom=0:1 remote=0:2 -> 0 port=1:7!");
}

TEST_CASE("a hypercall that failed has no results") {
    Plain view;
    evtchn_close op{.port = 9};
    Hypercall call(view, __HYPERVISOR_event_channel_op, {EVTCHNOP_close, address(op), 0, 0, 0});
    CHECK(call.finish(-22) == "event_channel_op close port=1:9 -> -22");
}

TEST_CASE("a batch is shown one by one") {
    Plain view;
    gnttab_unmap_grant_ref ops[2]{{.host_addr = 1, .dev_bus_addr = 0, .handle = 3, .status = 0},
                                  {.host_addr = 0, .dev_bus_addr = 0, .handle = 4, .status = 0}};
    Hypercall call(view, __HYPERVISOR_grant_table_op, {GNTTABOP_unmap_grant_ref, address(ops), 2, 0, 0});
    ops[1].status = -4;
    CHECK(call.finish(0) == "grant_table_op unmap handle=4:3 handle=4:4 nowhere -> 0 status=0 status=-4");
}

TEST_CASE("frames that were given away are forgotten, as far as they were") {
    Plain view;
    xen_pfn_t frames[] = {100, 101, 102};
    xen_memory_reservation op{};
    op.extent_start.p = frames;
    op.nr_extents = 3;
    op.domid = 5;
    Hypercall call(view, __HYPERVISOR_memory_op, {XENMEM_decrease_reservation, address(op), 0, 0, 0});
    CHECK(call.finish(2) ==
          "memory_op decrease_reservation dom=0:5 extents=3 order=0 frame=5:100 frame=5:101 frame=5:102 -> 2");
    REQUIRE(view.forgotten.size() == 2);
    CHECK(view.forgotten[1] == std::pair{Kind::frame, std::uint64_t{101}});
}

TEST_CASE("how many pages a domain has is the hypervisor's number") {
    Plain view;
    xen_memory_domain op{.domid = 1};
    Hypercall call(view, __HYPERVISOR_memory_op, {XENMEM_current_reservation, address(op), 0, 0, 0});
    CHECK(call.finish(2048) == "memory_op current_reservation dom=0:1 -> 6:2048!");
}

TEST_CASE("what is not known, or cannot be read, is said so") {
    Plain view;
    CHECK(Hypercall(view, 50, {1, 2, 3, 4, 5}).finish(-38) == "hypercall=50 -> -38");
    CHECK(Hypercall(view, __HYPERVISOR_memory_op, {99, 0, 0, 0, 0}).finish(-38) == "memory_op command=99 -> -38");
    CHECK(Hypercall(view, __HYPERVISOR_event_channel_op, {EVTCHNOP_send, 0, 0, 0, 0}).finish(-14) ==
          "event_channel_op send unreadable -> -14");
}
