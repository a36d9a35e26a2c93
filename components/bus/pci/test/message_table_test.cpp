// SPDX-License-Identifier: BSD-3-Clause
#include "fake_space.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/bus/pci/message_table.hpp>

#include <catch2/catch.hpp>

#include <utility>

using namespace unicore::bus::pci;
using unicore::Error;
using unicore::arch::DeviceAccess;
using unicore::test::FakeFunction;
using unicore::test::fakes;

namespace {

using Write = std::pair<std::uintptr_t, std::uint32_t>;
std::vector<Write> writes;

constexpr DeviceAccess::Model model{[](std::uintptr_t, unsigned) noexcept -> std::uint32_t { return 0; },
                                    [](std::uintptr_t address, std::uint32_t value, unsigned width) noexcept {
                                        REQUIRE(width == 32);
                                        writes.emplace_back(address, value);
                                    }};

struct Machine {
    Machine() : fake((fakes = unicore::test::FakeSpace(), fakes[{0, 1, 0}])) {
        fakes.windows = {unicore::test::everything};
        fake.memory_bar(1, 0x1000, 0xfebf'0000);
        fake.capability(0x40, 0, 0x09);
        fake.capability(0x98, 0x40, 0x11, {0x801, 0}, 2);  // three messages, behind the first half
        fake.writable[0x98 / 4] = 0xc000'0000;
        DeviceAccess::model = &model;
        writes.clear();
    }
    ~Machine() { DeviceAccess::model = nullptr; }

    static auto created() { return MessageTable::create(Function::at({0, 1, 0}).value()); }
    std::uint32_t control() { return fake.at(0x98) >> 16; }

    FakeFunction& fake;
};

}  // namespace

TEST_CASE_METHOD(Machine, "a function is found by its address") {
    CHECK(Function::at({0, 1, 0})->vendor() == 0x1234);
    CHECK(Function::at(Address(std::uint16_t{8}))->address() == Address(0, 1, 0));
    CHECK(Function::at({0, 2, 0}).error() == Error::not_found);
    fakes.buses = unicore::unexpected(Error::device_error);
    CHECK(Function::at({0, 1, 0}).error() == Error::device_error);
}

TEST_CASE_METHOD(Machine, "messages are set one by one, and are off at the end") {
    {
        auto table = created().value();
        CHECK(table.size() == 3);
        CHECK(control() == 0x8002);
        CHECK(writes == std::vector<Write>{{0xfebf'080c, 1}, {0xfebf'081c, 1}, {0xfebf'082c, 1}});
        writes.clear();
        table.set(1, 0x12'fee0'1000, 0x31);
        CHECK(writes == std::vector<Write>{{0xfebf'081c, 1}, {0xfebf'0810, 0xfee0'1000}, {0xfebf'0814, 0x12},
                                           {0xfebf'0818, 0x31}, {0xfebf'081c, 0}});
        writes.clear();
        table.mask(2);
        CHECK(writes == std::vector<Write>{{0xfebf'082c, 1}});
        const MessageTable moved(std::move(table));
        CHECK(moved.size() == 3);
        CHECK(control() == 0x8002);
    }
    CHECK(control() == 2);
}

TEST_CASE_METHOD(Machine, "a table that is none is an error, and nothing is turned on") {
    SECTION("no capability") {
        fake.at(0x98) = 0x10;
        CHECK(created().error() == Error::not_found);
    }
    SECTION("one that ends behind the space") {
        fake.capability(0xf8, 0x98, 0x11, {1}, 0);
        fake.at(0x98) = 0xf810;
        CHECK(created().error() == Error::not_found);
        fake.at(0xfc) = 0x11;
        fake.at(0x98) = 0xfc10;
        CHECK(created().error() == Error::not_found);
    }
    SECTION("in a register that there is not") {
        for (const unsigned bar : {0U, 2U, 5U, 6U, 7U}) {
            fake.at(0x9c) = bar;
            CHECK(created().error() == Error::not_found);
        }
    }
    SECTION("in ports") {
        fake.port_bar(0, 64, 0xc000);
        fake.at(0x9c) = 0;
        CHECK(created().error() == Error::unsupported);
    }
    SECTION("longer than its register") {
        fake.at(0x9c) = 0xfd9;
        CHECK(created().error() == Error::device_error);
        fake.at(0x9c) = 0xfff1;
        CHECK(created().error() == Error::device_error);
        fake.at(0x9c) = 0xffff'fff1;
        CHECK(created().error() == Error::device_error);
        fake.at(0x9c) = 1;
        fake.at(0x98) |= 0x7ff'0000;  // 2,048 messages
        CHECK(created().error() == Error::device_error);
    }
    SECTION("without an address") {
        fake.memory_bar(1, 0x1000);
        CHECK(created().error() == Error::out_of_range);
    }
    CHECK((fake.at(0x98) >> 31) == 0);
    CHECK(writes.empty());
}

TEST_CASE_METHOD(Machine, "the largest table") {
    fake.memory_bar(1, 0x8000, 0xfeb0'0000);
    fake.at(0x9c) = 1;
    fake.at(0x98) |= 0x7ff'0000;
    const auto table = created().value();
    CHECK(table.size() == 2048);
    CHECK(writes.size() == 2048);
    CHECK(writes.back() == Write{0xfeb0'7ffc, 1});
}
