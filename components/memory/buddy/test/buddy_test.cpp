// SPDX-License-Identifier: BSD-3-Clause
// Single behaviours, one at a time.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include "../../../base/test/child.hpp"
#include "checked.hpp"

#include <unicore/debug/check.hpp>

#include <unistd.h>

namespace unicore::memory::pages {
void conformance(debug::Check& check) noexcept;
}

namespace unicore::memory::buddy {

Result<void> start() noexcept;

namespace {

/// Memory for the generated test case that runs the suite on the facade, in this process.
struct Boot final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    void testCaseStarting(const Catch::TestCaseInfo& test) override {
        if (test.name.find("conforms to") == std::string::npos) return;
        static FakePlatform platform(tiny);
        REQUIRE(start());
    }
};
CATCH_REGISTER_LISTENER(Boot)

}  // namespace

TEST_CASE("memory.buddy: the smallest machine gives all but the map") {
    Checked machine(tiny);
    std::size_t count = 0;
    while (machine.take(1) != 0) ++count;
    CHECK(count == 0x9e + 0x14 - 1);
    CHECK(machine.allocator.usage().total.value == count);
    machine.verify();
    machine.give_everything_back();
    machine.verify();
    CHECK(machine.take(0x9e - 1) != 0);  // all of the low memory but the map
    CHECK(machine.take(0x14) != 0);      // all of the other range
    CHECK(machine.take(1) == 0);
}

TEST_CASE("memory.buddy: pages that the platform keeps are never handed out, and are not counted") {
    Checked machine(small);
    machine.platform.keep = [](std::size_t) { return std::size_t{3}; };
    std::size_t count = 0;
    while (machine.take(1) != 0) ++count;
    const std::size_t all = 0x9e + 0x8000 - 0x10c;
    CHECK(machine.platform.kept > 100);
    CHECK(count == all - machine.map_pages() - machine.platform.kept);
    CHECK(machine.allocator.usage().total.value == count);
    machine.verify();
}

TEST_CASE("memory.buddy: a run of any length is found, though it is no power of two") {
    Checked machine({{16, 1000}});
    REQUIRE(machine.take(999) != 0);  // the map has the other
    CHECK(machine.take(1) == 0);
    machine.give_everything_back();
    REQUIRE(machine.take(700) != 0);
    CHECK(machine.take(300) == 0);
    CHECK(machine.take(299) != 0);
    machine.verify();
}

TEST_CASE("memory.buddy: a run is found across blocks that are no buddies") {
    Checked machine({{0, 64}});  // page 0 of the range has the map
    const Page first = machine.take(63);
    REQUIRE(first != 0);
    machine.give_back(first + 6, 10);  // blocks of 1, 8 and 1 pages, or so
    machine.verify();
    CHECK(machine.take(10) == first + 6);
    CHECK(machine.take(1) == 0);
    machine.verify();
}

TEST_CASE("memory.buddy: an alignment is met inside a run that starts unaligned") {
    Checked machine({{0, 64}});
    const Page first = machine.take(63);
    REQUIRE(first != 0);
    machine.give_back(first + 2, 61);  // pages 3 to 63
    CHECK(machine.take(20, 32) % 32 == 0);
    CHECK(machine.take(20, 8) == first + 7);
    CHECK(machine.take(4, 32) == 0);
    machine.verify();
}

TEST_CASE("memory.buddy: large requests adopt what they need, not what there is") {
    Checked machine({{0x1, 0x9e}, {0x10c, 0x40000}});  // 1 GiB
    machine.platform.track = false;
    machine.platform.keep = [](std::size_t pages) { return 1 + pages / 512; };
    Allocator& allocator = machine.allocator;
    REQUIRE(allocator.take(0x10000, 1) != 0);
    CHECK(machine.platform.committed < 0x10000 + 0x9e + 3 * chunk);
    REQUIRE(allocator.take(1, 0x8000) % 0x8000 == 0);
    CHECK(machine.platform.committed < 0x10000 + 0x8000 + 0x9e + 6 * chunk);
    REQUIRE(allocator.take(0x21000, 1) != 0);
    CHECK(allocator.take(0x10000, 1) == 0);
}

TEST_CASE("memory.buddy: a request that the rest of a region cannot serve alone uses free blocks too") {
    Checked machine({{0, 4 * chunk}});
    const Page first = machine.take(chunk);
    REQUIRE(first != 0);
    machine.give_back(first, chunk);
    CHECK(machine.take(4 * chunk - 1) != 0);
    machine.verify();
}

TEST_CASE("memory.buddy: a platform that refuses is asked again, and others are asked meanwhile") {
    Checked machine(small);
    bool refuse = true;
    machine.platform.refuse = [&](MemoryRange) { return refuse; };
    CHECK(machine.take(1) == 0);
    machine.verify();
    refuse = false;
    CHECK(machine.take(1) != 0);
    machine.platform.refuse = [&](MemoryRange range) {
        return range == machine.platform.ranges()[0] || range.size > chunk * page_size;
    };
    CHECK(machine.take(100) != 0);
    CHECK(machine.take(2 * chunk) == 0);
    machine.verify();
    machine.platform.refuse = nullptr;
    CHECK(machine.take(2 * chunk) != 0);
    machine.give_everything_back();
    machine.verify();
}

TEST_CASE("memory.buddy: a platform that keeps more than anybody thought costs time, not memory") {
    Checked machine({{0x1, 0x9e}, {0x10c, 0x8000}});
    machine.platform.keep = [](std::size_t pages) { return pages / 4; };
    REQUIRE(machine.take(2 * chunk) != 0);
    std::size_t count = 2 * chunk;
    while (machine.take(1) != 0) ++count;
    CHECK(machine.allocator.usage().total.value == count);
    CHECK(count >= (0x9e + 0x8000 - machine.map_pages()) * 3 / 4 - 8);
    machine.verify();
}

TEST_CASE("memory.buddy: where even the map has no room nothing is handed out") {
    Checked machine({{1, 64}});
    machine.platform.keep = [](std::size_t pages) { return pages; };
    machine.platform.refuse = [](MemoryRange range) { return range.size == 0; };
    const Page page = machine.take(1);  // 64 pages, 63 of them kept, one for the map
    CHECK(page == 0);
    machine.verify();
}

TEST_CASE("memory.buddy: the facade passes the suite of its interface") {
    for (const auto& shapes : {tiny, small, odd}) {
        const test::Ending ending = test::in_child([&] {
            FakePlatform platform(shapes);
            platform.keep = [](std::size_t pages) { return pages % 3; };
            if (!start()) ::_exit(2);
            debug::Check check([](std::string_view what, const std::source_location& where) noexcept {
                std::fprintf(stderr, "%u: %.*s\n", where.line(), static_cast<int>(what.size()), what.data());
            });
            pages::conformance(check);
            if (check.failed() != 0 || check.passed() < 60) ::_exit(1);
        });
        INFO(ending.output);
        CHECK(ending.status == 0);
    }
}

#ifndef NDEBUG
TEST_CASE("memory.buddy: double frees and wild frees end the image") {
    const auto asserts = [](const std::function<void(std::byte*)>& bug) {
        const test::Ending ending = test::in_child([&] {
            FakePlatform platform(small);
            if (!start()) ::_exit(2);
            const auto first = pages::take(PageCount{16});
            if (!pages::take(PageCount{64})) ::_exit(3);
            bug(*first);
        });
        INFO(ending.output);
        CHECK((ending.status == 0) == ending.output.empty());
        return ending.output.find("assertion failed") != std::string::npos;
    };
    using pages::give_back;
    CHECK_FALSE(asserts([](std::byte* p) { give_back(p, PageCount{16}); }));
    CHECK_FALSE(asserts([](std::byte* p) { give_back(p, PageCount{8}), give_back(p + 8 * page_size, PageCount{8}); }));
    CHECK(asserts([](std::byte* p) { give_back(p, PageCount{16}), give_back(p, PageCount{16}); }));
    CHECK(asserts([](std::byte* p) { give_back(p, PageCount{16}), give_back(p + 5 * page_size, PageCount{1}); }));
    CHECK(asserts([](std::byte* p) { give_back(p + 5 * page_size, PageCount{1}), give_back(p, PageCount{16}); }));
    CHECK(asserts([](std::byte* p) { give_back(p + 8, PageCount{1}); }));
    CHECK(asserts([](std::byte* p) { give_back(p, PageCount{100'000}); }));
    CHECK(asserts([](std::byte*) { give_back(nullptr, PageCount{1}); }));
    CHECK(asserts([](std::byte*) { give_back(reinterpret_cast<std::byte*>(~page_size + 1), PageCount{1}); }));
}
#endif

}  // namespace unicore::memory::buddy
