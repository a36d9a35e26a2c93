// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/memory/pages.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/grants/config.hpp>
#include <unicore/xen/grants/mapping.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/cases.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <vector>

using namespace unicore;
using namespace unicore::xen;
using grants::Access;
using grants::Grant;
using grants::Mapping;
using grants::SharedPage;
using simulator::Domain;
using simulator::DomainConfiguration;
using simulator::Faults;
using simulator::Outcome;
using simulator::Simulation;
namespace pages = unicore::memory::pages;

namespace {

constexpr std::size_t entries_per_frame = page_size / sizeof(grant_entry_v1);

template <typename T>
bool is(const Result<T>& result, Error error) {
    return !result && result.error() == error;
}

/// What a domain leaves, beyond the pages that xen.grants keeps beside the table's.
std::string leaks(const Domain& domain) { return domain.leaks(domain.usage().grant_frames); }

template <typename Condition>
void until(Condition condition) {
    while (!condition()) hypercall::yield();
}

/// Domains 1 and 2, of all kinds, with several seeds. Nothing may be left at the end.
void run_pair(const std::function<void()>& prepare, const std::function<void()>& first,
              const std::function<void()>& second, std::size_t memory_pages = 64) {
    for (const unsigned kinds : {0u, 1u, 2u, 3u})
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            CAPTURE(kinds, seed);
            prepare();
            Simulation simulation(seed);
            const auto add = [&](bool paravirtual, const std::function<void()>& main) -> Domain& {
                return simulation.add_domain(
                    {.paravirtual = paravirtual, .memory_pages = memory_pages, .main = [&main] {
                         main();
                         CHECK(grants::reclaim() == 0);
                         CHECK(grants::lost() == 0);
                     }});
            };
            Domain& one = add((kinds & 1) != 0, first);
            Domain& two = add((kinds & 2) != 0, second);
            const Outcome outcome = simulation.run();
            INFO(outcome.report);
            CHECK(outcome.finished());
            CHECK(leaks(one) == "");
            CHECK(leaks(two) == "");
        }
}

void in_a_domain(const std::function<void()>& main, std::size_t memory_pages = 64) {
    run_pair([] {}, main, [] {}, memory_pages);
}

bool all(std::span<const std::byte> bytes, int value) {
    return std::ranges::all_of(bytes, [&](std::byte byte) { return byte == static_cast<std::byte>(value); });
}

}  // namespace

TEST_CASE("a shared page starts with zeros and is the same at both ends") {
    grant_ref_t reference = 0;
    int step = 0;
    run_pair([&] { reference = 0, step = 0; },
             [&] {
                 auto page = SharedPage::create(2).value();
                 CHECK(all(page.bytes(), 0));
                 page.bytes()[7] = std::byte{1};
                 reference = page.reference();
                 until([&] { return step == 1; });
                 CHECK(page.bytes()[8] == std::byte{2});
                 step = 2;
                 until([&] { return step == 3; });
             },
             [&] {
                 until([&] { return reference != 0; });
                 {
                     auto page = Mapping::map(1, reference, Access::read_write).value();
                     CHECK(page.bytes()[7] == std::byte{1});
                     page.bytes()[8] = std::byte{2};
                     Mapping moved = std::move(page);
                     CHECK(page.bytes().empty());
                     CHECK(moved.bytes()[7] == std::byte{1});
                     step = 1;
                     until([&] { return step == 2; });
                 }
                 step = 3;
             });
}

TEST_CASE("the toolstack's entries are never handed out, and others only once") {
    in_a_domain([] {
        std::byte* const page = pages::take(PageCount{1}).value();
        std::vector<Grant> offered;
        std::set<grant_ref_t> references;
        for (;;) {
            auto grant = Grant::offer(5, page, Access::read_only);
            if (!grant) {
                CHECK(grant.error() == Error::busy);
                break;
            }
            CHECK(grant->reference() >= GNTTAB_NR_RESERVED_ENTRIES);
            references.insert(grant->reference());
            offered.push_back(*std::move(grant));
        }
        CHECK(offered.size() == grants::config::frames * entries_per_frame - GNTTAB_NR_RESERVED_ENTRIES);
        CHECK(references.size() == offered.size());
        CHECK(simulator::current().usage().grants == offered.size());
        const grant_ref_t last = offered.back().reference();
        CHECK(offered.back().end().has_value());
        offered.pop_back();
        offered.push_back(Grant::offer(5, page, Access::read_only).value());
        CHECK(offered.back().reference() == last);
        offered.clear();
        CHECK(simulator::current().usage().grants == 0);
        pages::give_back(page, PageCount{1});
    });
}

TEST_CASE("a frame of the table is taken when it is needed") {
    in_a_domain([] {
        const auto taken = [] { return simulator::current().usage().pages_taken; };
        std::byte* const page = pages::take(PageCount{1}).value();
        CHECK(taken() == 1);
        std::vector<Grant> offered;
        const auto offer = [&] { offered.push_back(Grant::offer(5, page, Access::read_write).value()); };
        offer();
        CHECK(taken() == 3);
        while (offered.size() < entries_per_frame - GNTTAB_NR_RESERVED_ENTRIES) offer();
        CHECK(taken() == 3);
        offer();
        CHECK(taken() == 5);
        offered.clear();
        pages::give_back(page, PageCount{1});
    });
}

TEST_CASE("without memory nothing is granted, and nothing is lost") {
    in_a_domain(
        [] {
            std::vector<SharedPage> shared;
            for (;;) {
                auto page = SharedPage::create(5);
                if (is(page, Error::out_of_memory)) break;
                shared.push_back(*std::move(page));
            }
            CHECK(shared.size() == 3);  // two are for the table
            shared.clear();
            std::vector<pages::Pages> rest;
            while (rest.size() < 3) rest.push_back(pages::Pages::create(PageCount{1}).value());
            CHECK(is(SharedPage::create(5), Error::out_of_memory));
            CHECK(is(Mapping::map(2, 8, Access::read_write), Error::out_of_memory));
            rest.clear();
            CHECK(simulator::current().usage().grants == 0);
        },
        5);
}

TEST_CASE("a grant does not end while the peer uses it") {
    grant_ref_t reference = 0;
    int step = 0;
    run_pair([&] { reference = 0, step = 0; },
             [&] {
                 std::byte* const page = pages::take(PageCount{1}).value();
                 auto grant = Grant::offer(2, page, Access::read_write).value();
                 reference = grant.reference();
                 until([&] { return step == 1; });
                 CHECK(is(grant.end(), Error::busy));
                 CHECK(grant.reference() == reference);
                 step = 2;
                 until([&] { return step == 3; });
                 CHECK(grant.end().has_value());
                 CHECK(grant.reference() == 0);
                 pages::give_back(page, PageCount{1});
                 step = 4;
             },
             [&] {
                 until([&] { return reference != 0; });
                 {
                     const auto page = Mapping::map(1, reference, Access::read_only).value();
                     step = 1;
                     until([&] { return step == 2; });
                 }
                 step = 3;
                 until([&] { return step == 4; });
                 CHECK(is(Mapping::map(1, reference, Access::read_only), Error::device_error));
             });
}

TEST_CASE("a page that the peer holds on to is put aside, and comes back when it lets go") {
    std::vector<grant_ref_t> references;
    int step = 0;
    constexpr std::size_t many = 40;
    run_pair([&] { references.clear(), step = 0; },
             [&] {
                 std::set<std::byte*> held;
                 {
                     std::vector<SharedPage> shared;
                     for (std::size_t i = 0; i < many; ++i) {
                         shared.push_back(SharedPage::create(2).value());
                         held.insert(shared.back().bytes().data());
                     }
                     for (const auto& page : shared) references.push_back(page.reference());
                     step = 1;
                     until([&] { return step == 2; });
                 }
                 CHECK(grants::reclaim() == many);
                 // What is handed out now is none of them.
                 std::vector<SharedPage> others;
                 for (int i = 0; i < 20; ++i) {
                     others.push_back(SharedPage::create(2).value());
                     CHECK_FALSE(held.contains(others.back().bytes().data()));
                     CHECK(std::ranges::find(references, others.back().reference()) == references.end());
                 }
                 step = 3;
                 until([&] { return step == 4; });
                 CHECK(grants::reclaim() == many / 2);
                 step = 5;
                 until([&] { return step == 6; });
                 CHECK(grants::reclaim() == 0);
             },
             [&] {
                 until([&] { return step == 1; });
                 std::vector<Mapping> mapped;
                 for (const grant_ref_t reference : references)
                     mapped.push_back(Mapping::map(1, reference, Access::read_write).value());
                 step = 2;
                 until([&] { return step == 3; });
                 for (const auto& page : mapped) CHECK(all(page.bytes(), 0));
                 mapped.resize(many / 2);
                 step = 4;
                 until([&] { return step == 5; });
                 mapped.clear();
                 step = 6;
             },
             100);
}

TEST_CASE("what is put aside is taken up again before the table grows, or memory ends") {
    grant_ref_t reference = 0;
    int step = 0;
    run_pair([&] { reference = 0, step = 0; },
             [&] {
                 {
                     auto page = SharedPage::create(2).value();
                     reference = page.reference();
                     until([&] { return step == 1; });
                 }
                 step = 2;
                 until([&] { return step == 3; });
                 // Not reclaimed yet, but there is no other page.
                 const std::size_t free = pages::usage().total.value - pages::usage().taken.value;
                 const pages::Pages rest = pages::Pages::create(PageCount{free}).value();
                 CHECK(SharedPage::create(2).has_value());
             },
             [&] {
                 until([&] { return reference != 0; });
                 {
                     const auto page = Mapping::map(1, reference, Access::read_write).value();
                     step = 1;
                     until([&] { return step == 2; });
                 }
                 step = 3;
             });
}

TEST_CASE("read-only is read-only") {
    grant_ref_t reference = 0;
    bool done = false;
    run_pair([&] { reference = 0, done = false; },
             [&] {
                 auto page = SharedPage::create(2, Access::read_only).value();
                 reference = page.reference();
                 until([&] { return done; });
             },
             [&] {
                 until([&] { return reference != 0; });
                 CHECK(is(Mapping::map(1, reference, Access::read_write), Error::device_error));
                 CHECK(Mapping::map(1, reference, Access::read_only).has_value());
                 done = true;
             });
}

TEST_CASE("what is not granted is not mapped, and takes nothing") {
    in_a_domain([] {
        CHECK(is(Mapping::map(77, 8, Access::read_write), Error::not_found));
        CHECK(is(Mapping::map(2, 100'000, Access::read_write), Error::not_found));
        CHECK(is(Mapping::map(2, 9, Access::read_write), Error::device_error));
    });
}

TEST_CASE("addresses for mappings are kept, and filled again on demand") {
    std::vector<grant_ref_t> references;
    bool done = false;
    run_pair([&] { references.clear(), done = false; },
             [&] {
                 std::vector<SharedPage> shared;
                 for (int i = 0; i < 20; ++i) shared.push_back(SharedPage::create(2).value());
                 for (const auto& page : shared) references.push_back(page.reference());
                 until([&] { return done; });
             },
             [&] {
                 until([&] { return references.size() == 20; });
                 std::vector<Mapping> mapped;
                 const auto map_all = [&] {
                     for (const grant_ref_t reference : references)
                         mapped.push_back(Mapping::map(1, reference, Access::read_write).value());
                 };
                 map_all();
                 mapped.clear();
                 CHECK(simulator::current().usage().pages_taken <= 16);
                 map_all();
                 mapped.clear();
                 grants::reclaim();
                 CHECK(simulator::current().usage().pages_taken == 0);
                 done = true;
             });
}

TEST_CASE("copies, with a status each") {
    grant_ref_t reference = 0;
    bool done = false;
    run_pair([&] { reference = 0, done = false; },
             [&] {
                 auto page = SharedPage::create(2).value();
                 reference = page.reference();
                 until([&] { return done; });
                 CHECK(page.bytes()[99] == std::byte{0});
                 CHECK(all(page.bytes().subspan(100, 50), 7));
                 CHECK(page.bytes()[150] == std::byte{0});
             },
             [&] {
                 until([&] { return reference != 0; });
                 const pages::Pages mine = pages::Pages::create(PageCount{1}).value();
                 std::ranges::fill(mine.bytes(), std::byte{7});
                 std::array<gnttab_copy, 2> operations{};
                 for (auto& operation : operations) {
                     operation.source.u.gmfn = guest::frame_of(mine.bytes().data());
                     operation.source.domid = DOMID_SELF;
                     operation.dest.u.ref = reference;
                     operation.dest.domid = 1;
                     operation.dest.offset = 100;
                     operation.len = 50;
                     operation.flags = GNTCOPY_dest_gref;
                 }
                 operations[1].dest.u.ref = 5000;
                 CHECK(grants::copy(operations).has_value());
                 CHECK(grants::check_status(operations[0].status).has_value());
                 CHECK(is(grants::check_status(operations[1].status), Error::not_found));
                 done = true;
             });
}

namespace {

/// Two domains of which each grants pages to the other, maps what it is offered, and lets go of both,
/// at random. Pages hold their granter's number and reference, and nothing else may ever be seen in one.
struct Exchange {
    struct Page {
        std::uint32_t granter, reference;
    };
    explicit Exchange(Simulation& simulation) : simulation(simulation) {}

    void run(domid_t self) {
        const auto peer = static_cast<domid_t>(3 - self);
        std::vector<SharedPage> shared;
        struct Mapped {
            Mapping mapping;
            grant_ref_t reference;
        };
        std::vector<Mapped> mapped;
        const auto read = [](std::span<std::byte> bytes) {
            Page page;
            std::memcpy(&page, bytes.data(), sizeof page);
            return page;
        };
        for (int i = 0; i < 150; ++i) {
            switch (simulation.random(5)) {
                case 0:
                case 1: {
                    auto page = SharedPage::create(peer);
                    if (!page) break;
                    CHECK(all(page->bytes(), 0));
                    const Page text{self, page->reference()};
                    std::memcpy(page->bytes().data(), &text, sizeof text);
                    offers[self].push_back(page->reference());
                    shared.push_back(*std::move(page));
                    break;
                }
                case 2: {
                    auto& offered = offers[peer];
                    if (offered.empty()) break;
                    const grant_ref_t reference = offered[simulation.random(offered.size())];
                    if (auto mapping = Mapping::map(peer, reference, Access::read_write))
                        mapped.push_back({*std::move(mapping), reference});
                    break;
                }
                case 3:
                    if (!mapped.empty())
                        mapped.erase(mapped.begin() + static_cast<std::ptrdiff_t>(simulation.random(mapped.size())));
                    break;
                case 4:
                    if (!shared.empty()) {
                        const std::size_t which = simulation.random(shared.size());
                        std::erase(offers[self], shared[which].reference());
                        shared.erase(shared.begin() + static_cast<std::ptrdiff_t>(which));
                    }
                    break;
            }
            for (auto& [mapping, reference] : mapped) {
                const Page page = read(mapping.bytes());
                if (page.granter == 0) continue;  // granted again under the same number, and not written yet
                CHECK(page.granter == peer);
                CHECK(page.reference == reference);
            }
            for (auto& page : shared) CHECK(read(page.bytes()).reference == page.reference());
            simulator::pause();
        }
        for (const SharedPage& page : shared) std::erase(offers[self], page.reference());
        shared.clear();
        mapped.clear();
        ++done;
        for (int patience = 0; grants::reclaim() != 0 && patience < 1000; ++patience) hypercall::yield();
    }

    Simulation& simulation;
    std::map<domid_t, std::vector<grant_ref_t>> offers;
    int done = 0;
};

}  // namespace

TEST_CASE("pages go back and forth at random, and never show anything but what they are for") {
    simulator::for_each_case(30, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        Exchange exchange(simulation);
        Faults faults;
        std::vector<Domain*> domains;
        for (const domid_t id : {1, 2})
            domains.push_back(&simulation.add_domain(
                {.id = id, .paravirtual = (seed >> id & 1) != 0, .memory_pages = 24, .main = [&, id] {
                     exchange.run(id);
                 }}));
        if (seed % 4 == 1) faults = {.withdrawn_grants = 0.1, .failing_frames = 0.2};
        if (seed % 4 == 2)
            for (const unsigned number : {__HYPERVISOR_grant_table_op, __HYPERVISOR_memory_op})
                faults.hypercalls.push_back({.number = number, .probability = 0.1});
        if (seed % 4 == 3) faults = {.destroyed_domains = 0.002, .victims = {domains[0]}};
        simulation.fault(faults);
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        if (seed % 4 == 0 || seed % 4 == 3)
            for (const Domain* const domain : domains) CHECK(leaks(*domain) == "");
    });
}

TEST_CASE("a peer that maps whatever it can guess gets nothing that was not granted to it") {
    simulator::for_each_case(10, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        bool done = false;
        std::set<grant_ref_t> got;
        grant_ref_t granted = 0;
        Domain& victim = simulation.add_domain({.main = [&] {
            {
                auto page = SharedPage::create(2).value();
                auto other = SharedPage::create(3).value();
                granted = page.reference();
                until([&] { return done; });
            }
            grants::reclaim();
        }});
        simulation.add_domain({.main = [&] {
            until([&] { return granted != 0; });
            for (grant_ref_t reference = 0; reference < 600; ++reference)
                if (Mapping::map(1, reference, Access::read_write)) got.insert(reference);
            done = true;
        }});
        CHECK(simulation.run().finished());
        CHECK(got == std::set<grant_ref_t>{granted});
        CHECK(leaks(victim) == "");
    });
}
