// SPDX-License-Identifier: BSD-3-Clause
#include "../structures.hpp"

#include "fake_function.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace unicore::bus::virtio;
using unicore::Error;
using unicore::test::FakeFunction;
using unicore::test::FakePci;
using unicore::test::make_virtio;
using unicore::test::fakes;
using unicore::bus::pci::Address;

namespace {

struct Machine {
    Machine() : fake((fakes = unicore::test::FakeSpace(), fakes[place])) {
        fakes.windows = {unicore::test::everything};
        make_virtio(fake, 0x1044);
    }

    static constexpr Address place{0, 3, 0};
    FakeFunction& fake;
    pci::Structures structures() { return pci::structures_of(fakes.found(place)); }
    unicore::Result<Registers> opened() { return pci::open(fakes.found(place)); }
};

}  // namespace

TEST_CASE_METHOD(Machine, "what a function is") {
    const auto device = [&](std::uint16_t vendor, std::uint16_t id, std::uint16_t subsystem, std::uint8_t header = 0) {
        fake = FakeFunction(vendor, id, header);
        fake.at(0x2c) = 0x1af4 | std::uint32_t{subsystem} << 16;
        return pci::device_of(fakes.found(place));
    };
    CHECK(device(0x1af4, 0x1044, 0x1100) == DeviceId::entropy);
    CHECK(device(0x1af4, 0x1041, 0) == DeviceId::network);
    CHECK(device(0x1af4, 0x107f, 0) == DeviceId{0x3f});
    CHECK(device(0x1af4, 0x1080, 4) == DeviceId::none);
    CHECK(device(0x1af4, 0x1005, 4) == DeviceId::entropy);  // transitional
    CHECK(device(0x1af4, 0x1000, 1) == DeviceId::network);
    CHECK(device(0x1af4, 0x0fff, 4) == DeviceId::none);
    CHECK(device(0x1af5, 0x1044, 4) == DeviceId::none);
    CHECK(device(0x1af4, 0x1044, 4, 1) == DeviceId::none);  // a bridge
    CHECK(device(0x1af4, 0x1044, 4, 2) == DeviceId::none);
}

TEST_CASE_METHOD(Machine, "QEMU's structures") {
    const auto found = structures();
    CHECK(found[pci::Kind::common].bar == 4);
    CHECK(found[pci::Kind::common].offset == 0);
    CHECK(found[pci::Kind::common].size == 0x1000);
    CHECK(found[pci::Kind::isr].offset == 0x1000);
    CHECK(found[pci::Kind::device].offset == 0x2000);
    CHECK(found[pci::Kind::notify].offset == 0x3000);
    CHECK(found.multiplier == 4);
    const FakePci behind;
    const auto registers = opened();
    REQUIRE(registers.has_value());
    CHECK(registers->config_size() == 0x1000);
    CHECK(registers->read_config(0, 2) == 0x1234);
    CHECK((fake.at(4) & 0xffff) == 6);
    fake.at(0x60) = fake.at(0x60) & 0x00ff'ffff;  // no configuration of its own
    CHECK(opened()->config_size() == 0);
}

TEST_CASE_METHOD(Machine, "the first structure that can be used counts") {
    const auto check = [&](std::vector<std::uint32_t> rest, std::uint16_t upper) {
        fake.at(0x34) = 0xa4;
        fake.at(0xa4) = 0x9809 | std::uint32_t{upper} << 16;
        for (unsigned i = 0; i < rest.size(); ++i) fake.at(0xa8 + 4 * i) = rest[i];
        return structures();
    };
    CHECK(check({4, 0x800, 0x38}, 0x0110)[pci::Kind::common].offset == 0x800);
    CHECK(check({4, 0x800, 0x37}, 0x0110)[pci::Kind::common].offset == 0);     // too small
    CHECK(check({4, 0x802, 0x100}, 0x0110)[pci::Kind::common].offset == 0);    // not aligned
    CHECK(check({6, 0x800, 0x100}, 0x0110)[pci::Kind::common].offset == 0);    // a register that there is not [4.1.4.1]
    CHECK(check({255, 0x800, 0x100}, 0x0110)[pci::Kind::common].offset == 0);
    CHECK(check({4, 0x800, 0x100}, 0x010f)[pci::Kind::common].offset == 0);    // a capability that is too short
    CHECK(check({4, 0x800, 0x100}, 0x0100)[pci::Kind::common].offset == 0);
    CHECK(check({4, 0x800, 0x100}, 0x01ff)[pci::Kind::common].offset == 0);    // or longer than what is left
    CHECK(check({4, 0x800, 0x100}, 0x0010)[pci::Kind::common].offset == 0);    // of no type
    CHECK(check({4, 0x800, 0x100}, 0xff10)[pci::Kind::common].offset == 0);
    CHECK(check({4, 0x800, 0x100, 8}, 0x0213).multiplier == 4);    // without room for the multiplier
    CHECK(check({4, 0x800, 0x100, 8}, 0x0214).multiplier == 8);
    CHECK(check({4, 0x801, 0x100, 8}, 0x0214)[pci::Kind::notify].offset == 0x3000);
    CHECK(check({4, 0x800, 1, 8}, 0x0214)[pci::Kind::notify].offset == 0x3000);
    fake.port_bar(0, 64, 0xc000);
    CHECK(check({0, 0, 0x38}, 0x0110)[pci::Kind::common].bar == 4);  // ports are not used
}

TEST_CASE_METHOD(Machine, "a device without what it must have is unsupported") {
    for (const unsigned missing : {0x40U, 0x50U, 0x70U}) {
        make_virtio(fake, 0x1005);
        fake.at(missing) &= 0x00ff'ffff;
        CHECK(opened().error() == Error::unsupported);
        CHECK((fake.at(4) & 7) == 0);  // it was left alone
    }
    fake = FakeFunction(0x1af4, 0x1005);  // of before virtio 1
    fake.port_bar(0, 64, 0xc000);
    CHECK(opened().error() == Error::unsupported);
}

TEST_CASE_METHOD(Machine, "structures outside of their register are an error") {
    for (const unsigned capability : {0x40U, 0x50U, 0x60U, 0x70U})
        for (const auto& [offset, size] : {std::pair{0x3000U, 0x1004U}, {0x4000U, 0x1000U}, {0xffff'fffcU, 0x1000U},
                                           {0U, 0xffff'ffffU}, {0x4004U, 0x1000U}}) {
            make_virtio(fake, 0x1044);
            fake.at(capability + 8) = offset;
            fake.at(capability + 12) = size;
            CHECK(opened().error() == Error::device_error);
        }
    make_virtio(fake, 0x1044);
    fake.at(0x44) = 5;  // the second half of the fourth
    CHECK(opened().error() == Error::not_found);
    fake.at(0x44) = 1;
    CHECK(opened().has_value());
    fake.memory_bar(1, 0x800, 0xfebf'0000);
    CHECK(opened().error() == Error::device_error);
    make_virtio(fake, 0x1044, 0);  // an address that nobody gave
    CHECK(opened().error() == Error::unsupported);
    make_virtio(fake, 0x1044, std::uint64_t{1} << 51);
    CHECK(opened().error() == Error::out_of_range);
}

TEST_CASE_METHOD(Machine, "a register of an absurd size is not mapped as a whole") {
    fake.memory_bar(4, std::uint64_t{1} << 46, std::uint64_t{1} << 46, true);
    for (const unsigned capability : {0x40U, 0x50U, 0x60U, 0x70U}) {
        fake.at(capability + 8) = 0;
        fake.at(capability + 12) = 0xffff'ffff;
    }
    REQUIRE(opened().has_value());
    std::size_t mapped = 0;
    for (const auto& range : fakes.mapped) mapped += range.size;
    CHECK(mapped <= (1U << 20) + 3 * 4096);
}

TEST_CASE_METHOD(Machine, "capabilities that say anything") {
    std::mt19937 random(99);
    unsigned usable = 0;
    for (int round = 0; round < 4000; ++round) {
        make_virtio(fake, 0x1044);
        for (unsigned left = random() % 6; left != 0; --left)
            fake.at(0x40 + random() % 0x70 / 4 * 4) ^= 1U << random() % 32;
        if (random() % 4 == 0) fake.at(0x34) = random();
        if (random() % 4 == 0) fake.at(0x10 + random() % 24 / 4 * 4) = random();
        fakes.mapped.clear();
        if (opened()) ++usable;
        for (const auto& range : fakes.mapped) CHECK(range.size <= (1U << 20) + 4096);
    }
    CHECK(usable > 500);
    CHECK(usable < 3900);
}
