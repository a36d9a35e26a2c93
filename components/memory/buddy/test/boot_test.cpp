// SPDX-License-Identifier: BSD-3-Clause
// What the allocator does before memory is asked for (nothing), and for how much it then asks.
#include "../../../base/test/child.hpp"
#include "checked.hpp"

namespace unicore::memory::buddy {

Result<void> start() noexcept;

TEST_CASE("memory.buddy: the boot step touches nothing, whatever there is") {
    // 12 TiB of address space: the test would not come back if it were touched.
    Checked machine({{0x1, 0x9e}, {0x100, 0xbff00}, {0x100000, std::size_t{1} << 31}, {std::size_t{5} << 29, 1 << 29}});
    CHECK(machine.platform.commits == 0);
    CHECK(machine.allocator.usage().committed.value == 0);
    CHECK(machine.allocator.usage().taken.value == 0);
    CHECK(machine.allocator.usage().total.value == 0x9e + 0xbff00 + (std::size_t{5} << 29) - machine.map_pages());
}

TEST_CASE("memory.buddy: the first page of 10 TiB costs the map's pages and one chunk") {
    Checked machine({{0x1, 0x9e}, {0x100, 0xbff00}, {0x100000, std::size_t{5} << 29}});
    machine.platform.track = false;
    machine.platform.keep = [](std::size_t pages) { return 3 + pages / 512; };
    const Page page = machine.allocator.take(1, 1);
    REQUIRE(page != 0);
    *Checked::pointer(page) = std::byte{1};
    CHECK(machine.platform.commits == 1);
    CHECK(machine.platform.committed <= machine.map_pages() + machine.map_pages() / 512 + 2 * chunk);
    machine.allocator.give_back(page, 1);
}

TEST_CASE("memory.buddy: address arithmetic holds with terabytes between and inside of ranges") {
    Checked machine({{0x1, 0x9e}, {std::size_t{1} << 29, 1 << 26}, {std::size_t{3} << 29, std::size_t{5} << 28}});
    machine.platform.track = false;
    Allocator& allocator = machine.allocator;
    const std::size_t count = (std::size_t{1} << 24) + 12345;  // 64 GiB and some
    const Page first = allocator.take(count, std::size_t{1} << 18);
    REQUIRE(first != 0);
    CHECK(first % (std::size_t{1} << 18) == 0);
    // The lower ranges are refused, so that the last is used too.
    machine.platform.refuse = [&](MemoryRange range) { return range.base < machine.platform.ranges()[2].base; };
    const Page last = allocator.take(count, 1);
    REQUIRE(last >= machine.platform.ranges()[2].base / page_size);
    for (const Page page : {first, first + count - 1, last, last + count - 1}) *Checked::pointer(page) = std::byte{1};
    CHECK(allocator.take(std::size_t{5} << 29, 1) == 0);
    allocator.give_back(first + 1, count - 2);
    allocator.give_back(first + count - 1, 1);
    allocator.give_back(last, count);
    allocator.give_back(first, 1);
    CHECK(allocator.usage().taken.value == 0);
}

TEST_CASE("memory.buddy: memory is adopted in chunks of 2 MiB, as it is needed") {
    Checked machine(small);
    REQUIRE(machine.take(1) != 0);
    const std::size_t before = machine.platform.committed;
    CHECK(before <= 2 * chunk);
    while (machine.platform.commits < 4) REQUIRE(machine.take(1) != 0);
    CHECK(machine.platform.committed <= before + 3 * chunk);
    machine.verify();
}

TEST_CASE("memory.buddy: nothing is adopted while a free block will do") {
    Checked machine(small);
    const auto take = [&] {
        const pages::Usage& usage = machine.allocator.usage();
        const bool free = usage.committed != usage.taken;
        const std::size_t commits = machine.platform.commits;
        REQUIRE(machine.take(1) != 0);
        CHECK(machine.platform.commits == commits + (free ? 0 : 1));
    };
    for (int i = 0; i < 1500; ++i) take();
    while (machine.pieces.size() > 700) machine.give_back(std::next(machine.pieces.begin(), 300)->first, 1);
    for (int i = 0; i < 1000; ++i) take();
}

TEST_CASE("memory.buddy: no memory at all is no error until some is asked for") {
    Checked machine({});
    CHECK(machine.take(1) == 0);
    CHECK(machine.allocator.usage().total.value == 0);
    CHECK(machine.allocator.usage().committed.value == 0);
}

TEST_CASE("memory.buddy: a 17th range is refused in words") {
    const auto boot = [](std::size_t ranges) {
        return test::in_child([=] {
            std::vector<FakePlatform::Shape> shapes;
            for (std::size_t i = 0; i < ranges; ++i) shapes.push_back({1 + 16 * i, 15});
            FakePlatform platform(shapes);
            static_cast<void>(start());
        });
    };
    CHECK(boot(16).status == 0);
    const test::Ending ending = boot(17);
    INFO(ending.output);
    CHECK(ending.status != 0);
    CHECK(ending.output.find("memory.buddy: over 16 memory ranges") != std::string::npos);
}

}  // namespace unicore::memory::buddy
