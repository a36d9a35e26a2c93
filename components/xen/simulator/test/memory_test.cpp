// SPDX-License-Identifier: BSD-3-Clause
#include "domains.hpp"

#include <unicore/debug/check_host.hpp>
#include <unicore/memory/pages.hpp>

#include <cstring>
#include <set>
#include <vector>

using namespace unicore::test;
using namespace unicore;
namespace pages = unicore::memory::pages;

namespace unicore::memory::pages {
void conformance(debug::Check& check) noexcept;
}

TEST_CASE("memory.pages of a domain conforms to its interface") {
    in_a_domain([] { debug::run_on_host(pages::conformance); }, {.memory_pages = 512});
}

TEST_CASE("frames have numbers of their own: in order, or in none") {
    in_a_domain([] {
        std::set<xen_pfn_t> frames;
        std::byte* const first = pages::take(PageCount{10}).value();
        bool in_order = true;
        for (std::size_t i = 0; i < 10; ++i) {
            frames.insert(guest::frame_of(first + i * page_size + 7));
            in_order &= guest::frame_of(first + i * page_size) == guest::frame_of(first) + i;
        }
        CHECK(frames.size() == 10);
        CHECK(in_order != guest::paravirtual());
        pages::give_back(first, PageCount{10});
    });
}

TEST_CASE("frames go to the hypervisor and come back") {
    in_a_domain([] {
        std::byte* const first = pages::take(PageCount{4}).value();
        void* const given[] = {first, first + 2 * page_size};
        xen_memory_domain self{DOMID_SELF};
        const auto reservation = [&](unsigned command) {
            return hypercall::call(__HYPERVISOR_memory_op, command, &self);
        };
        const std::int64_t before = reservation(XENMEM_current_reservation);
        CHECK(before == reservation(XENMEM_maximum_reservation));
        std::memset(first, 1, 4 * page_size);
        REQUIRE(guest::give_frames(given) == 2);
        CHECK(reservation(XENMEM_current_reservation) == before - 2);
        CHECK_THAT(simulator::current().leaks(), Catch::Contains("2 pages have no frame"));
        CHECK(first[page_size] == std::byte{1});
        REQUIRE(guest::take_frames(given) == 2);
        CHECK(reservation(XENMEM_current_reservation) == before);
        std::memset(first, 2, 4 * page_size);
        pages::give_back(first, PageCount{4});
    });
}

TEST_CASE("a domain gets no more frames than it may have, nor frames where there are some") {
    in_a_domain([] {
        std::byte* const first = pages::take(PageCount{2}).value();
        void* const both[] = {first, first + page_size};
        CHECK(guest::take_frames(both) == 0);
        REQUIRE(guest::give_frames(std::span(both, 1)) == 1);
        CHECK(guest::take_frames(both) == 1);
        pages::give_back(first, PageCount{2});
    });
}

TEST_CASE("a domain knows what it was built with") {
    in_a_domain(
        [] {
            xen_memory_domain self{DOMID_SELF};
            const auto now = hypercall::call(__HYPERVISOR_memory_op, XENMEM_current_reservation, &self);
            CHECK(static_cast<std::int64_t>(guest::memory().value) == now);
            std::byte* const first = pages::take(PageCount{2}).value();
            void* const page[] = {first};
            REQUIRE(guest::give_frames(page) == 1);
            CHECK(static_cast<std::int64_t>(guest::memory().value) == now);
            CHECK(guest::take_frames(page) == 1);
            pages::give_back(first, PageCount{2});
        },
        {.maximum_pages = 100});
}

TEST_CASE("frames can run out, or not be had back") {
    Simulation simulation(1);
    simulation.fault({.failing_frames = 1});
    simulation.add_domain({.main = [&] {
        std::byte* const first = pages::take(PageCount{2}).value();
        void* const both[] = {first, first + page_size};
        REQUIRE(guest::give_frames(both) == 2);
        CHECK(guest::take_frames(both) == 0);
        simulation.fault({.stuck_frames = 1});
        CHECK(guest::take_frames(both) == 2);
        CHECK(guest::give_frames(both) == 0);
        std::memset(first, 1, 2 * page_size);
        simulation.fault({});
        pages::give_back(first, PageCount{2});
    }});
    CHECK(simulation.run().finished());
}

TEST_CASE("reservations with nonsense in them do nothing") {
    in_a_domain([] {
        xen_memory_reservation op{};
        op.domid = DOMID_SELF;
        op.nr_extents = 3;
        for (const unsigned command : {XENMEM_populate_physmap, XENMEM_decrease_reservation}) {
            CHECK(hypercall::call(__HYPERVISOR_memory_op, command, 0) == 0);
            CHECK(hypercall::call(__HYPERVISOR_memory_op, command, &op) == 0);
            xen_pfn_t frames[] = {0, ~xen_pfn_t{0}, 1};
            op.extent_start.p = frames;
            CHECK(hypercall::call(__HYPERVISOR_memory_op, command, &op) == 0);
            op.extent_order = 40;
            CHECK(hypercall::call(__HYPERVISOR_memory_op, command, &op) == 0);
            op.extent_order = 0;
            op.domid = 9;
            CHECK(hypercall::call(__HYPERVISOR_memory_op, command, &op) == 0);
            op.domid = DOMID_SELF;
        }
        CHECK(hypercall::call(__HYPERVISOR_memory_op, 99, &op) == -XEN_ENOSYS);
    });
}
