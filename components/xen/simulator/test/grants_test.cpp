// SPDX-License-Identifier: BSD-3-Clause
#include "domains.hpp"
#include "hypervisor.hpp"

#include <unicore/memory/pages.hpp>

#include <array>
#include <cstring>

using namespace unicore::test;
using namespace unicore;
namespace pages = unicore::memory::pages;

namespace {

std::byte* take(std::size_t count = 1) { return pages::take(PageCount{count}).value(); }

/// The table of the domain whose code runs; its first frame placed at the first call.
grant_entry_v1* table() {
    static platform::PerImage<grant_entry_v1*> entries;
    if (*entries == nullptr) {
        std::byte* const page = take();
        REQUIRE(guest::place_grant_frame(0, page).has_value());
        *entries = reinterpret_cast<grant_entry_v1*>(page);
    }
    return *entries;
}

void grant(grant_ref_t reference, domid_t domain, const void* page, unsigned flags = 0) {
    table()[reference] = {.flags = static_cast<std::uint16_t>(GTF_permit_access | flags),
                          .domid = domain,
                          .frame = static_cast<std::uint32_t>(guest::frame_of(page))};
}

std::byte* hole() {
    std::byte* const page = take();
    void* const given[] = {page};
    REQUIRE(guest::give_frames(given) == std::size(given));
    return page;
}

gnttab_map_grant_ref map(domid_t domain, grant_ref_t reference, const void* at, unsigned flags = GNTMAP_host_map) {
    gnttab_map_grant_ref op{};
    op.host_addr = reinterpret_cast<std::uintptr_t>(at);
    op.flags = flags;
    op.ref = reference;
    op.dom = domain;
    REQUIRE(hypercall::grant_table(GNTTABOP_map_grant_ref, std::span(&op, 1)).has_value());
    return op;
}

int unmap(grant_handle_t handle, const void* at) {
    gnttab_unmap_grant_ref op{};
    op.handle = handle;
    op.host_addr = reinterpret_cast<std::uintptr_t>(at);
    REQUIRE(hypercall::grant_table(GNTTABOP_unmap_grant_ref, std::span(&op, 1)).has_value());
    return op.status;
}

/// Domains 1 and 2, of all kinds, whose codes run in turns.
struct Pair {
    std::function<void()> prepare, granter, mapper;
    void run() const {
        for (const unsigned kinds : {0u, 1u, 2u, 3u})
            for (std::uint64_t seed = 0; seed < 4; ++seed) {
                CAPTURE(kinds, seed);
                prepare();
                Simulation simulation(seed);
                simulation.add_domain({.name = "granter", .paravirtual = (kinds & 1) != 0, .main = granter});
                Domain& second =
                    simulation.add_domain({.name = "mapper", .paravirtual = (kinds & 2) != 0, .main = mapper});
                const Outcome outcome = simulation.run();
                INFO(outcome.report << simulation.trace());
                CHECK(outcome.finished());
                CHECK(second.usage().mappings == 0);
            }
    }
};

}  // namespace

TEST_CASE("a granted page is seen at both ends, and its entry says so") {
    bool offered = false, mapped = false, done = false, unmapped = false;
    std::byte* page = nullptr;
    Pair pair;
    pair.prepare = [&] { offered = mapped = done = unmapped = false; };
    pair.granter = [&] {
        page = take();
        std::memset(page, 1, page_size);
        grant(8, 2, page);
        offered = true;
        until([&] { return mapped; });
        CHECK(table()[8].flags == (GTF_permit_access | GTF_reading | GTF_writing));
        CHECK(page[100] == std::byte{2});
        CHECK_THAT(simulator::current().leaks(), Catch::Contains("1 grants are in use"));
        page[101] = std::byte{3};
        done = true;
        until([&] { return unmapped; });
        CHECK(table()[8].flags == GTF_permit_access);
        table()[8].flags = 0;
        pages::give_back(page, PageCount{1});
        CHECK(simulator::current().usage().grants == 0);
    };
    pair.mapper = [&] {
        until([&] { return offered; });
        std::byte* const at = hole();
        const auto op = map(1, 8, at);
        REQUIRE(op.status == GNTST_okay);
        CHECK(at[5] == std::byte{1});
        at[100] = std::byte{2};
        mapped = true;
        until([&] { return done; });
        CHECK(at[101] == std::byte{3});
        CHECK(unmap(op.handle + 1, at) == GNTST_bad_handle);
        CHECK(unmap(op.handle, at + page_size) == GNTST_general_error);
        CHECK(unmap(op.handle, at) == GNTST_okay);
        CHECK(unmap(op.handle, at) == GNTST_bad_handle);
        unmapped = true;
    };
    pair.run();
}

TEST_CASE("what is not granted like this cannot be mapped") {
    bool offered = false, done = false;
    Pair pair;
    pair.prepare = [&] { offered = done = false; };
    pair.granter = [&] {
        std::byte* const page = take();
        grant(8, 3, page);                // for somebody else
        grant(9, 2, page, GTF_readonly);
        table()[10] = {.flags = GTF_accept_transfer, .domid = 2, .frame = 0};
        table()[11] = {.flags = GTF_permit_access, .domid = 2, .frame = 0xffff'ffff};
        table()[12] = {.flags = GTF_permit_access | GTF_sub_page, .domid = 2, .frame = 0};
        grant(13, 2, table());            // a frame of the hypervisor's
        offered = true;
        until([&] { return done; });
        CHECK(table()[9].flags == (GTF_permit_access | GTF_readonly));
        CHECK(table()[11].flags == GTF_permit_access);
    };
    pair.mapper = [&] {
        until([&] { return offered; });
        std::byte* const at = hole();
        CHECK(map(1, 0, at).status == GNTST_general_error);  // for dom0
        CHECK(map(1, 7, at).status == GNTST_general_error);  // invalid
        CHECK(map(1, 8, at).status == GNTST_general_error);
        CHECK(map(1, 9, at).status == GNTST_general_error);
        CHECK(map(1, 10, at).status == GNTST_general_error);
        CHECK(map(1, 11, at).status == GNTST_bad_page);
        CHECK(map(1, 12, at).status == GNTST_general_error);
        CHECK(map(1, 13, at).status == GNTST_bad_page);
        CHECK(map(1, 512, at).status == GNTST_bad_gntref);
        CHECK(map(1, ~0u, at).status == GNTST_bad_gntref);
        CHECK(map(77, 8, at).status == GNTST_bad_domain);
        CHECK(map(DOMID_SELF, 8, at).status == GNTST_bad_domain);
        CHECK(map(1, 9, at, 0).status == GNTST_bad_gntref);
        CHECK(map(1, 9, at, GNTMAP_host_map | GNTMAP_contains_pte).status == GNTST_general_error);
        const unsigned readonly = GNTMAP_host_map | GNTMAP_readonly;
        CHECK(map(1, 9, at + 1, readonly).status == GNTST_general_error);
        CHECK(map(1, 9, nullptr, readonly).status == GNTST_general_error);
        std::byte* const full = take();
        CHECK(map(1, 9, full, readonly).status == GNTST_general_error);  // there is memory
        const auto op = map(1, 9, at, readonly);
        CHECK(op.status == GNTST_okay);
        CHECK(unmap(op.handle, nullptr) == GNTST_okay);  // which does nothing
        CHECK(unmap(op.handle, at) == GNTST_okay);
        done = true;
    };
    pair.run();
}

TEST_CASE("a grant is mapped 128 times of each kind, and no more") {
    bool offered = false, done = false;
    Pair pair;
    pair.prepare = [&] { offered = done = false; };
    pair.granter = [&] {
        grant(8, 2, take());
        offered = true;
        until([&] { return done; });
    };
    pair.mapper = [&] {
        until([&] { return offered; });
        // Counted where no memory is needed: by one that is in use already.
        simulator::Hypervisor& hypervisor = *simulator::the_hypervisor();
        simulator::ActiveGrant& active = hypervisor.find(1)->active[8];
        std::byte* const at = hole();
        const auto op = map(1, 8, at);
        REQUIRE(op.status == GNTST_okay);
        active.writers = 128;
        CHECK(map(1, 8, hole(), GNTMAP_host_map | GNTMAP_readonly).status == GNTST_general_error);
        active.writers = 1;
        CHECK(unmap(op.handle, at) == GNTST_okay);
        done = true;
    };
    pair.run();
}

TEST_CASE("version 1 is what there is, and one's own") {
    in_a_domain([] {
        gnttab_get_version op{.dom = DOMID_SELF, .pad = 0, .version = 0};
        const auto ask = [&] { return hypercall::call(__HYPERVISOR_grant_table_op, GNTTABOP_get_version, &op, 1); };
        CHECK(ask() == 0);
        CHECK(op.version == 1);
        op.dom = 77;
        CHECK(ask() == -XEN_ESRCH);
    });
}

TEST_CASE("a page stays with who has it mapped, whatever its owner does") {
    Simulation simulation(2);
    bool offered = false, mapped = false;
    Domain& owner = simulation.add_domain({.main = [&] {
        std::byte* const page = take();
        std::memset(page, 9, page_size);
        grant(8, 2, page);
        offered = true;
        until([&] { return mapped; });
        void* const given[] = {page};
        REQUIRE(guest::give_frames(given) == std::size(given));
        REQUIRE(guest::take_frames(given) == 1);
        std::memset(page, 4, page_size);  // another frame
        simulation.destroy(simulator::current());
    }});
    Domain& other = simulation.add_domain({.main = [&] {
        until([&] { return offered; });
        std::byte* const at = hole();
        const auto op = map(1, 8, at);
        mapped = true;
        until([&] { return owner.destroyed(); });
        CHECK(at[7] == std::byte{0});  // cleared, as it was given
        at[7] = std::byte{1};
        std::byte* const second = hole();
        const auto again = map(1, 8, second);  // the entry is pinned, the domain is dying
        CHECK(again.status == GNTST_okay);
        CHECK(second[7] == std::byte{1});
        CHECK(unmap(again.handle, second) == GNTST_okay);
        CHECK(unmap(op.handle, at) == GNTST_okay);
        CHECK(map(1, 8, second).status == GNTST_bad_domain);
    }});
    CHECK(simulation.run().finished());
    CHECK(other.usage().mappings == 0);
}

TEST_CASE("a mapping of a domain that is destroyed no longer counts") {
    Simulation simulation(2);
    bool offered = false, mapped = false;
    simulation.add_domain({.main = [&] {
        std::byte* const page = take();
        grant(8, 2, page);
        offered = true;
        until([&] { return mapped; });
        CHECK((table()[8].flags & GTF_writing) != 0);
        simulation.destroy(*simulation.find(2));
        CHECK(table()[8].flags == GTF_permit_access);
    }});
    simulation.add_domain({.main = [&] {
        until([&] { return offered; });
        REQUIRE(map(1, 8, hole()).status == GNTST_okay);
        mapped = true;
        for (;;) hypercall::yield();
    }});
    CHECK(simulation.run().finished());
}

TEST_CASE("the hypervisor copies between frames and grants") {
    bool offered = false, done = false;
    Pair pair;
    pair.prepare = [&] { offered = done = false; };
    pair.granter = [&] {
        std::byte* const first = take(2);
        std::memset(first, 1, page_size);
        std::memset(first + page_size, 2, page_size);
        grant(8, 2, first);
        grant(9, 2, first + page_size, GTF_readonly);
        offered = true;
        until([&] { return done; });
        CHECK(first[0] == std::byte{1});
        CHECK(first[10] == std::byte{7});
        CHECK(first[19] == std::byte{7});
        CHECK(first[20] == std::byte{1});
        CHECK(table()[8].flags == GTF_permit_access);
    };
    pair.mapper = [&] {
        until([&] { return offered; });
        std::byte* const mine = take();
        std::memset(mine, 7, page_size);
        const auto frame = [&](const void* page, std::uint16_t offset) {
            gnttab_copy::gnttab_copy_ptr side{};
            side.u.gmfn = guest::frame_of(page);
            side.domid = DOMID_SELF;
            side.offset = offset;
            return side;
        };
        const auto reference = [&](grant_ref_t ref, std::uint16_t offset, domid_t domain = 1) {
            gnttab_copy::gnttab_copy_ptr side{};
            side.u.ref = ref;
            side.domid = domain;
            side.offset = offset;
            return side;
        };
        const auto copy = [&](auto source, auto dest, std::uint16_t length, std::uint16_t flags) {
            gnttab_copy op{};
            op.source = source;
            op.dest = dest;
            op.len = length;
            op.flags = flags;
            REQUIRE(hypercall::grant_table(GNTTABOP_copy, std::span(&op, 1)).has_value());
            return op.status;
        };
        CHECK(copy(frame(mine, 0), reference(8, 10), 10, GNTCOPY_dest_gref) == GNTST_okay);
        CHECK(copy(reference(9, 0), frame(mine, 5), 1, GNTCOPY_source_gref) == GNTST_okay);
        CHECK(mine[5] == std::byte{2});
        CHECK(copy(frame(mine, 0), reference(9, 0), 1, GNTCOPY_dest_gref) == GNTST_general_error);
        CHECK(copy(frame(mine, 1), reference(8, 0), page_size, GNTCOPY_dest_gref) == GNTST_bad_copy_arg);
        CHECK(copy(frame(mine, 0), reference(8, 4090), 7, GNTCOPY_dest_gref) == GNTST_bad_copy_arg);
        CHECK(copy(frame(mine, 0xffff), reference(8, 0), 0xffff, GNTCOPY_dest_gref) == GNTST_bad_copy_arg);
        CHECK(copy(reference(600, 0), frame(mine, 0), 1, GNTCOPY_source_gref) == GNTST_bad_gntref);
        CHECK(copy(reference(9, 0, 55), frame(mine, 0), 1, GNTCOPY_source_gref) == GNTST_bad_domain);
        CHECK(copy(reference(9, 0), frame(mine, 0), 1, 0) == GNTST_permission_denied);
        // Both domains come before either page.
        CHECK(copy(reference(600, 0), reference(8, 0, 55), 1, GNTCOPY_source_gref | GNTCOPY_dest_gref) ==
              GNTST_bad_domain);
        gnttab_copy::gnttab_copy_ptr nowhere{};
        nowhere.domid = DOMID_SELF;
        CHECK(copy(reference(9, 0), nowhere, 1, GNTCOPY_source_gref) == GNTST_bad_page);
        done = true;
    };
    pair.run();
}

TEST_CASE("batches have a status each, and end where memory does") {
    in_a_domain([] {
        std::array<gnttab_unmap_grant_ref, 3> ops{};
        CHECK(hypercall::grant_table(GNTTABOP_unmap_grant_ref, std::span<gnttab_unmap_grant_ref>(ops)).has_value());
        for (const auto& op : ops) CHECK(op.status == GNTST_bad_handle);
        CHECK(hypercall::call(__HYPERVISOR_grant_table_op, GNTTABOP_copy, 0, 1) == -XEN_EFAULT);
        CHECK(hypercall::call(__HYPERVISOR_grant_table_op, GNTTABOP_copy, 0, 0) == 0);
        CHECK(hypercall::call(__HYPERVISOR_grant_table_op, GNTTABOP_copy, 0, 0x8000'0000) == -XEN_EINVAL);
        CHECK(hypercall::call(__HYPERVISOR_grant_table_op, 99, 0, 0) == -XEN_ENOSYS);
    });
}

TEST_CASE("the table grows as frames are placed, up to what the toolstack allows") {
    in_a_domain(
        [] {
            const auto frames = [] {
                gnttab_query_size op{.dom = DOMID_SELF, .nr_frames = 0, .max_nr_frames = 0, .status = 0};
                REQUIRE(hypercall::grant_table(GNTTABOP_query_size, std::span(&op, 1)).has_value());
                CHECK(op.status == GNTST_okay);
                CHECK(op.max_nr_frames == 3);
                return op.nr_frames;
            };
            CHECK(frames() == 1);
            CHECK(table()[GNTTAB_RESERVED_CONSOLE].flags == GTF_permit_access);
            CHECK(table()[GNTTAB_RESERVED_XENSTORE].flags == 0);
            CHECK(frames() == 1);
            std::byte* const second = take();
            CHECK(guest::place_grant_frame(2, second).has_value());
            CHECK(frames() == 3);
            CHECK(second[0] == std::byte{0});
            CHECK_FALSE(guest::place_grant_frame(3, take()).has_value());
            CHECK(frames() == 3);
            if (guest::paravirtual()) return;
            // The same frame at another place, which leaves nothing at the first.
            std::byte* const third = take();
            second[8] = std::byte{5};
            CHECK(guest::place_grant_frame(2, third).has_value());
            CHECK(third[8] == std::byte{5});
            CHECK_FALSE(guest::place_grant_frame(1, &guest::shared()).has_value());
        },
        {.grant_frames = 3});
}
