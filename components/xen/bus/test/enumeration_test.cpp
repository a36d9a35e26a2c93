// SPDX-License-Identifier: BSD-3-Clause
#include "../../store/test/world.hpp"

#include <unicore/sched/works.hpp>
#include <unicore/xen/bus/enumeration.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace unicore;
using namespace unicore::test;
namespace bus = xen::bus;

namespace {

struct Owner final : bus::Enumeration::Owner {
    bool known(bus::Address address) noexcept override { return std::ranges::count(all, address) != 0; }
    void add(bus::Address address, const store::Path& path) noexcept override {
        all.push_back(address);
        paths += std::string(path.view()) + ' ';
    }
    std::vector<bus::Address> all;
    std::string paths;
};

}  // namespace

TEST_CASE_METHOD(World, "front-ends are found, those that are there and those that come") {
    boot();
    tree.write("/local/domain/1/device/echo/0/state", "1");
    tree.write("/local/domain/1/device/echo/51712/state", "1");
    tree.write("/local/domain/1/device/other/3/state", "1");
    Owner owner;
    bus::Enumeration enumeration(bus::Side::front, "echo", owner);
    REQUIRE(enumeration.start().has_value());
    CHECK(owner.paths == "device/echo/0 device/echo/51712 ");
    owner.paths.clear();
    for (const char* odd : {"x", "-1", "4294967296", "1x", "99999999999999999999999"})
        tree.write("/local/domain/1/device/echo/" + std::string(odd) + "/backend", "/x");
    tree.write("/local/domain/1/device/echo/4294967295/backend", "/x");
    settle();
    work();
    CHECK(owner.paths == "device/echo/4294967295 ");

    settle();
    while (work()) {}
    tree.write("/local/domain/1/device/echo/0/state", "3");
    tree.write("/local/domain/1/device/echo/0/queue-0/ring-ref", "3");
    settle();
    CHECK(sched::works::pending() == 0);  // what drivers write is not of interest
    tree.write("/local/domain/1/device/echo/0/backend", "/x");
    settle();
    CHECK(sched::works::pending() != 0);
}

TEST_CASE_METHOD(World, "back-ends are found, by front-end") {
    boot();
    Owner owner;
    bus::Enumeration enumeration(bus::Side::back, "echo", owner);
    REQUIRE(enumeration.start().has_value());
    CHECK(owner.paths == "");
    tree.permissions("/local/domain/1", "n1");
    for (const char* name : {"7/0", "7/1", "32751/0", "32752/0", "x/0", "65536/1"})
        tree.write("/local/domain/1/backend/echo/" + std::string(name) + "/frontend", "/x");
    settle();
    while (work()) settle();
    CHECK(owner.paths == "backend/echo/7/0 backend/echo/7/1 backend/echo/32751/0 ");
    CHECK(owner.all == std::vector<bus::Address>{{7, 0}, {7, 1}, {32751, 0}});
}

TEST_CASE_METHOD(World, "more devices than a listing has room for are no harm") {
    boot();
    for (int i = 0; i < 600; ++i) tree.write("/local/domain/1/device/echo/" + std::to_string(i) + "/state", "1");
    Owner owner;
    bus::Enumeration enumeration(bus::Side::front, "echo", owner);
    REQUIRE(enumeration.start().has_value());
    CHECK(owner.all.empty());
    CHECK(store::connected());
}
