// SPDX-License-Identifier: BSD-3-Clause
#include "fake_space.hpp"

#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace unicore::bus::pci;
using unicore::Error;
using unicore::test::FakeFunction;
using unicore::test::fakes;

namespace {

std::vector<unicore::MemoryRange> ram;

struct Machine {
    Machine() : fake((fakes = unicore::test::FakeSpace(), fakes[{0, 1, 0}])) {
        ram.clear();
        fakes.windows = {unicore::test::everything};
    }

    FakeFunction& fake;
    static Function function() { return fakes.found({0, 1, 0}); }
};

}  // namespace

std::span<const unicore::MemoryRange> unicore::platform::memory() noexcept { return ram; }

TEST_CASE_METHOD(Machine, "registers say what they are") {
    fake.port_bar(0, 32, 0xc000);
    fake.memory_bar(1, 0x1000, 0xfebf'0000);
    fake.memory_bar(2, 0x4000, 0x10'0000'0000, true, true);
    fake.memory_bar(4, 16);
    const auto before = fake.words;
    const auto ports = function().bar(0).value();
    CHECK_FALSE(ports.memory);
    CHECK(ports.address == 0xc000);
    CHECK(ports.size == 32);
    const auto small = function().bar(1).value();
    CHECK(small.memory);
    CHECK_FALSE(small.wide);
    CHECK_FALSE(small.prefetchable);
    CHECK(small.address == 0xfebf'0000);
    CHECK(small.size == 0x1000);
    const auto wide = function().bar(2).value();
    CHECK(wide.wide);
    CHECK(wide.prefetchable);
    CHECK(wide.address == 0x10'0000'0000);
    CHECK(wide.size == 0x4000);
    CHECK(function().bar(3).error() == Error::not_found);  // the second half
    CHECK(function().bar(4).value().address == 0);
    CHECK(function().bar(4).value().size == 16);
    CHECK(function().bar(5).error() == Error::not_found);
    CHECK(function().bar(6).error() == Error::not_found);
    CHECK(function().bar(UINT32_MAX).error() == Error::not_found);
    CHECK(fake.words == before);  // nothing is as it was found
}

TEST_CASE_METHOD(Machine, "a function does not decode while it is asked, and does again") {
    fake.memory_bar(0, 0x1000, 0xfebf'0000);
    fake.at(4) = 0x0010'0007;
    CHECK(function().bar(0).value().address == 0xfebf'0000);
    CHECK(fake.decoding_writes == 0);
    CHECK(fake.at(4) == 0x0010'0007);
}

TEST_CASE_METHOD(Machine, "bridges have two registers") {
    fake.bridge_to(0, 1, 1);
    fake.memory_bar(0, 0x1000, 0xfebf'0000);
    CHECK(function().bar(0).has_value());
    CHECK(function().bar(1).error() == Error::not_found);
    CHECK(function().bar(2).error() == Error::not_found);
}

TEST_CASE_METHOD(Machine, "sizes as large as there are") {
    fake.memory_bar(0, std::uint64_t{1} << 31);
    CHECK(function().bar(0).value().size == std::uint64_t{1} << 31);
    fake.memory_bar(0, std::uint64_t{1} << 63, std::uint64_t{1} << 63, true);
    CHECK(function().bar(0).value().size == std::uint64_t{1} << 63);
    CHECK(map(function().bar(0).value(), 0, 16).error() == Error::out_of_range);
    fake.memory_bar(0, std::uint64_t{1} << 32, std::uint64_t{1} << 40, true);
    const auto bar = function().bar(0).value();
    CHECK(bar.size == std::uint64_t{1} << 32);
    CHECK(map(bar, 0xffff'fff0, 16).value() == 0x100'ffff'fff0);
    CHECK(map(bar, 0xffff'fff0, 17).error() == Error::out_of_range);
    CHECK(map(bar, UINT64_MAX, 16).error() == Error::out_of_range);
}

TEST_CASE_METHOD(Machine, "nonsense is an error") {
    const auto reads_as = [&](std::uint32_t value, std::uint32_t mask) {
        fake.at(0x10) = value;
        fake.writable[4] = mask;
        return function().bar(0).error();
    };
    CHECK(reads_as(0xfeb0'0002, 0xffff'f000) == Error::device_error);  // below 1 MiB, of old
    CHECK(reads_as(0xfeb0'0006, 0xffff'f000) == Error::device_error);  // reserved
    CHECK(reads_as(0, 0xfff0'f000) == Error::device_error);            // ones with a hole
    CHECK(reads_as(8, 0) == Error::device_error);
    CHECK(reads_as(4, 0) == Error::device_error);  // 64 bits, of which none is to be had
    CHECK(reads_as(1, 0) == Error::device_error);
    CHECK(reads_as(0xfeb0'1000, 0xffff'0000) == Error::device_error);  // an address that the size does not allow
    CHECK(reads_as(0, 0) == Error::not_found);
    fake = {};
    fake.at(0x24) = 4;  // the last one, of 64 bits
    fake.writable[9] = 0xffff'f000;
    fake.writable[10] = UINT32_MAX;  // what is behind it is something else
    CHECK(function().bar(5).error() == Error::device_error);
}

TEST_CASE_METHOD(Machine, "what is mapped is what the bridge passes on, and never RAM") {
    fake.memory_bar(0, 0x1'0000, 0xfeb0'0000);
    const auto bar = function().bar(0).value();
    CHECK(map(bar, 0x1000, 0x100).value() == 0xfeb0'1000);
    CHECK(fakes.mapped == std::vector<unicore::MemoryRange>{{0xfeb0'1000, 0x1000}});
    CHECK(map(bar, 0, 0x1'0001).error() == Error::out_of_range);
    CHECK(map(bar, 0x1'0001, 0).error() == Error::out_of_range);

    ram = {{0x10'0000, 0x1000}, {0xfeb0'2000, 0x1000}};
    CHECK(map(bar, 0x1000, 0x1000).has_value());
    CHECK(map(bar, 0x1000, 0x1001).error() == Error::out_of_range);
    CHECK(map(bar, 0x2fff, 1).error() == Error::out_of_range);
    CHECK(map(bar, 0x3000, 1).has_value());
    CHECK(map(bar, 0, 0x1'0000).error() == Error::out_of_range);
    ram.clear();

    fakes.windows = {
        {.base = 0xfeb0'0000, .physical = 0x30'0000'0000, .size = 0x2000, .prefetchable = false, .free = true},
        {.base = 0xfeb0'8000, .physical = 0x8000, .size = 0x8000, .prefetchable = false, .free = true}};
    CHECK(map(bar, 0x1000, 0x1000).value() == 0x30'0000'1000);
    CHECK(map(bar, 0x1000, 0x1001).error() == Error::out_of_range);
    CHECK(map(bar, 0x4000, 4).error() == Error::out_of_range);
    CHECK(map(bar, 0x8004, 4).value() == 0x8004);

    fakes.mapping = unicore::unexpected(Error::out_of_memory);
    CHECK(map(bar, 0x1000, 4).error() == Error::out_of_memory);
    fakes.mapping = {};
    fake.memory_bar(0, 0x1'0000);
    CHECK(map(function().bar(0).value(), 0, 4).error() == Error::out_of_range);  // it has no address
    fake.port_bar(1, 16, 0xc000);
    CHECK(map(function().bar(1).value(), 0, 4).error() == Error::unsupported);
}

TEST_CASE_METHOD(Machine, "a function that firmware has set up is enabled and left as it is") {
    fake.port_bar(0, 32);  // ports are not asked for
    fake.memory_bar(1, 0x1000, 0xfebf'0000);
    fake.memory_bar(4, 0x4000, 0x10'0000'0000, true, true);
    const auto before = fake.words;
    REQUIRE(function().enable().has_value());
    CHECK(fake.at(4) == 6);
    fake.at(4) = 0;
    CHECK(fake.words == before);
    fake.memory_bar(2, 0x1000);
    CHECK(function().enable().error() == Error::unsupported);  // nobody knows what is free
    CHECK(fake.at(4) == 0);
}

/// One story, since what is given stays given.
TEST_CASE_METHOD(Machine, "registers without an address get one that nobody has") {
    fakes.windows = {
        {.base = 0x1000'0000, .physical = 0x1000'0000, .size = 0x100'0000, .prefetchable = false, .free = true},
        {.base = 0x80'0000'0000, .physical = 0x7000'0000, .size = 0x1000'0000, .prefetchable = true, .free = true},
        {.base = 0x90'0000'0000, .physical = 0xfff'0000'0000'0000, .size = 0x1'0000'0000, .prefetchable = false,
         .free = true},
        {.base = 0xa0'0000'0000, .physical = 0x20'0000'0000, .size = 0x1000'0000, .prefetchable = false, .free = true}};
    // What has an address: 64 KiB at most from there, 16 MiB at most, and a bridge's MiB.
    fakes[{0, 9, 0}].memory_bar(0, 0x1000, 0x1001'0000);
    fakes[{0, 9, 0}].memory_bar(1, 0x1000, 0x80'0100'0000, true, true);
    fakes[{0, 8, 0}].bridge_to(0, 1, 1);
    fakes[{0, 8, 0}].at(0x20) = 0x1000'1000;
    fakes[{0, 8, 0}].at(0x24) = 0x0001'fff1;
    fakes[{1, 3, 0}].memory_bar(0, 0x1000);

    fake.port_bar(0, 32);
    fake.memory_bar(1, 0x1000);
    fake.memory_bar(2, 0x100'0000, 0, true, true);
    fake.memory_bar(4, 0x4000, 0, true, true);
    REQUIRE(function().enable().has_value());
    CHECK(fake.at(4) == 6);
    CHECK(function().bar(1).value().address == 0x1010'0000);
    CHECK(function().bar(2).value().address == 0x80'0200'0000);  // as large as the first window
    CHECK(function().bar(4).value().address == 0x1010'4000);

    // A register of 32 bits is never put where it does not reach, and nothing where the CPU does not.
    FakeFunction& other = fakes[{0, 2, 0}];
    other.memory_bar(0, 0x100'0000);
    CHECK(fakes.found({0, 2, 0}).enable().error() == Error::unsupported);
    other.memory_bar(0, 0x80'0000);
    REQUIRE(fakes.found({0, 2, 0}).enable().has_value());
    CHECK((other.at(0x10) & ~15U) == 0x1080'0000);
    other = {};
    other.memory_bar(0, 0x100'0000, 0, true);
    REQUIRE(fakes.found({0, 2, 0}).enable().has_value());
    CHECK(fakes.found({0, 2, 0}).bar(0).value().address == 0xa0'0000'0000);
    other = {};
    other.memory_bar(0, 0x1'0000'0000, 0, true);
    CHECK(fakes.found({0, 2, 0}).enable().error() == Error::unsupported);
    other.memory_bar(0, std::uint64_t{1} << 63, 0, true);
    CHECK(fakes.found({0, 2, 0}).enable().error() == Error::unsupported);
    CHECK(other.at(4) == 0);

    // Behind a bridge nothing is known of windows.
    CHECK(fakes.found({1, 3, 0}).enable().error() == Error::unsupported);
    CHECK(fakes[{1, 3, 0}].at(0x10) == 0);
}
