// SPDX-License-Identifier: BSD-3-Clause
#include "fake_space.hpp"

#include <catch2/catch.hpp>

using namespace unicore::bus::pci;
using unicore::Error;
using unicore::test::FakeFunction;
using unicore::test::fakes;

namespace {

struct Machine {
    Machine() { fakes = {}; }

    static std::vector<std::uint16_t> found() {
        std::vector<std::uint16_t> addresses;
        auto walk = Walk::create().value();
        while (const auto function = walk.next()) addresses.push_back(function->address().value());
        CHECK_FALSE(walk.next().has_value());
        return addresses;
    }
    static std::uint16_t of(unsigned bus, unsigned device, unsigned function = 0) {
        return Address(bus, device, function).value();
    }
};
using Addresses = std::vector<std::uint16_t>;

}  // namespace

TEST_CASE("an address is its three parts") {
    CHECK(Address(0xab, 31, 7).value() == 0xabff);
    CHECK(Address(0xab, 31, 6).bus() == 0xab);
    CHECK(Address(0xab, 30, 7).device() == 30);
    CHECK(Address(0xab, 31, 5).function() == 5);
}

TEST_CASE_METHOD(Machine, "functions of one bus") {
    CHECK(found().empty());
    CHECK(fakes.reads == 32);  // a look at each device
    fakes[{0, 0, 0}] = FakeFunction(0x8086, 0x1237);
    fakes[{0, 1, 0}] = FakeFunction(0x8086, 0x7000, 0x80);
    fakes[{0, 1, 3}] = FakeFunction(0x8086, 0x7113);
    fakes[{0, 1, 7}] = {};
    fakes[{0, 2, 0}] = {};
    fakes[{0, 2, 1}] = {};  // which the first one says is none
    fakes[{0, 3, 1}] = {};  // without a first one
    fakes[{0, 4, 0}] = FakeFunction(0, 1);
    fakes[{0, 31, 0}] = FakeFunction(0x1af4, 0x1044, 0x80);
    fakes[{0, 31, 7}] = {};
    fakes[{1, 0, 0}] = {};  // behind no bridge
    CHECK(found() == Addresses{of(0, 0), of(0, 1), of(0, 1, 3), of(0, 1, 7), of(0, 2), of(0, 31), of(0, 31, 7)});
    const auto function = fakes.found({0, 31, 0});
    CHECK(function.vendor() == 0x1af4);
    CHECK(function.device() == 0x1044);
    CHECK_FALSE(function.is_bridge());
    fakes[{0, 31, 0}].at(8) = 0xff00'0001;
    CHECK(function.class_code() == 0xff0000);
    CHECK(function.revision() == 1);
    fakes[{0, 31, 0}].at(0x2c) = 0x0004'1af4;
    CHECK(function.subsystem() == 4);
}

TEST_CASE_METHOD(Machine, "without a bus there is nothing to walk") {
    fakes.buses = unicore::unexpected(Error::not_found);
    CHECK(Walk::create().error() == Error::not_found);
}

TEST_CASE_METHOD(Machine, "bridges lead to their buses, each of which is visited once") {
    fakes[{0, 1, 0}].bridge_to(0, 2, 5);
    fakes[{0, 2, 0}].bridge_to(0, 1, 1);
    fakes[{0, 3, 0}].bridge_to(0, 2, 2);  // the same again
    fakes[{1, 0, 0}] = {};
    fakes[{2, 0, 0}].bridge_to(2, 5, 5);
    fakes[{2, 4, 0}] = {};
    fakes[{5, 31, 0}] = {};
    CHECK(found() ==
          Addresses{of(0, 1), of(0, 2), of(0, 3), of(1, 0), of(2, 0), of(2, 4), of(5, 31)});
}

TEST_CASE_METHOD(Machine, "bridges that lead back, to themselves or nowhere end nothing but themselves") {
    fakes[{0, 1, 0}].bridge_to(0, 0, 255);
    fakes[{0, 2, 0}].bridge_to(0, 1, 255);
    fakes[{1, 0, 0}].bridge_to(1, 1, 1);
    fakes[{1, 1, 0}].bridge_to(1, 0, 255);
    fakes[{1, 2, 0}].bridge_to(1, 255, 255);
    fakes[{255, 0, 0}].bridge_to(255, 1, 255);
    fakes[{255, 31, 0}] = {};
    CHECK(found() == Addresses{of(0, 1), of(0, 2), of(1, 0), of(1, 1), of(1, 2), of(255, 0), of(255, 31)});

    fakes.buses = space::Buses{1, 15};  // beyond the last one nobody looks
    CHECK(found() == Addresses{of(1, 0), of(1, 1), of(1, 2)});
}

TEST_CASE_METHOD(Machine, "a bus full of bridges to buses full of bridges ends") {
    for (unsigned bus = 0; bus < 256; ++bus)
        for (unsigned device = 0; device < 32; ++device) {
            FakeFunction& each = fakes[{bus, device, 0}];
            each.bridge_to(static_cast<std::uint8_t>(bus), static_cast<std::uint8_t>(bus * 7 + device * 13), 255);
            each.lies = [bus, device, asked = 0U](unsigned offset) mutable -> std::optional<std::uint32_t> {
                if (offset != 0x18) return std::nullopt;
                return (bus * 7 + device * 13 + ++asked) << 8;  // another one each time
            };
        }
    CHECK(found().size() <= 256 * 32);
    CHECK(fakes.reads < 256 * 32 * 4);
}

TEST_CASE_METHOD(Machine, "capabilities, one after the other") {
    FakeFunction& fake = fakes[{0, 1, 0}];
    const auto ids = [&] {
        std::vector<unsigned> found;
        for (Capabilities list(fakes.found({0, 1, 0})); const auto each = list.next();) {
            CHECK(each->offset >= 0x40);
            CHECK(each->offset % 4 == 0);
            found.push_back(each->id);
        }
        return found;
    };
    CHECK(ids().empty());
    fake.capability(0x40, 0, 0x11);
    fake.capability(0x84, 0x40, 0x09);
    fake.capability(0xfc, 0x84, 0x10);
    CHECK(ids() == std::vector<unsigned>{0x11, 0x09, 0x10});
    fake.at(0x34) |= 3;  // reserved bits
    fake.at(0x40) |= 0x300;
    CHECK(ids() == std::vector<unsigned>{0x11, 0x09, 0x10});

    SECTION("no list, says the status") {
        fake.at(4) = 0;
        CHECK(ids().empty());
    }
    SECTION("a loop ends") {
        fake.at(0xfc) = 0x4010;
        CHECK(ids().size() == 48);
        fake.at(0x40) = 0x4009;
        CHECK(ids() == std::vector<unsigned>(48, 9));
    }
    SECTION("the header is no capability") {
        fake.at(0x84) = 0x3c09;
        CHECK(ids() == std::vector<unsigned>{0x11, 0x09});
        fake.at(0x34) = 0x04;
        CHECK(ids().empty());
    }
    SECTION("a function that has gone has none") {
        fake.at(0x84) = UINT32_MAX;
        CHECK(ids() == std::vector<unsigned>{0x11});
    }
}
