// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio/transports/registers.hpp>

#include <catch2/catch.hpp>

#include <initializer_list>
#include <map>
#include <tuple>
#include <vector>

using namespace unicore::bus::virtio;
using unicore::Error;
using unicore::arch::DeviceAccess;

namespace {

struct Seen {
    std::uintptr_t address;
    std::uint32_t value;
    unsigned width;
    bool operator==(const Seen&) const = default;
};
std::vector<Seen> reads, writes;  // a read's value is what it got
std::map<std::uintptr_t, std::uint32_t> memory;

struct Model {
    Model() {
        static constexpr DeviceAccess::Model model{
            [](std::uintptr_t address, unsigned width) noexcept {
                reads.push_back({address, memory[address], width});
                return memory[address];
            },
            [](std::uintptr_t address, std::uint32_t value, unsigned width) noexcept {
                writes.push_back({address, value, width});
            }};
        reads.clear();
        writes.clear();
        memory.clear();
        DeviceAccess::model = &model;
    }
    ~Model() { DeviceAccess::model = nullptr; }
};

}  // namespace

TEST_CASE("behind MMIO every register has 32 bits") {
    const Model model;
    const auto registers = Registers::mmio(0x1000, 0x100);
    memory = {{0x1070, 0xf}, {0x1060, 0xff}, {0x1100, 7}, {0x10fc, 9}};
    CHECK(registers.read(Register::status) == 0xf);
    registers.write(Register::queue_num, 8);
    CHECK(registers.take_interrupts() == 3);
    const Bell bell = registers.bell(5).value();
    bell.ring();
    CHECK(registers.config_size() == 0x100);
    CHECK(registers.read_config(0, 2) == 7);
    CHECK(registers.read(Register::config_generation) == 9);
    CHECK(reads == std::vector<Seen>{{0x1070, 0xf, 32}, {0x1060, 0xff, 32}, {0x1100, 7, 16}, {0x10fc, 9, 32}});
    CHECK(writes == std::vector<Seen>{{0x1038, 8, 32}, {0x1064, 3, 32}, {0x1050, 5, 32}});
}

TEST_CASE("behind PCI each has its own width, and structures of their own") {
    const Model model;
    const auto registers = Registers::pci(0x18, 0x1000, {0x3000, 0x1000}, 4, 0x2001, {0x4000, 6});
    memory = {{0x1014, 0x8f}, {0x1018, 256}, {0x1004, 0xffff'ffff}, {0x101e, 3}, {0x2001, 0xfe}, {0x4002, 5}};
    CHECK(registers.read(Register::status) == 0x8f);
    CHECK(registers.read(Register::queue_num_max) == 256);
    CHECK(registers.read(Register::device_features) == 0xffff'ffff);
    CHECK(registers.take_interrupts() == 2);
    CHECK(registers.config_size() == 6);
    CHECK(registers.read_config(2, 1) == 5);
    CHECK(reads == std::vector<Seen>{{0x1014, 0x8f, 8}, {0x1018, 256, 16}, {0x1004, 0xffff'ffff, 32}, {0x2001, 0xfe, 8},
                                     {0x4002, 5, 8}});
    registers.write(Register::status, 3);
    registers.write(Register::queue_select, 2);
    registers.write(Register::queue_device_high, 0x1234'5678);
    registers.bell(2).value().ring();
    CHECK(writes == std::vector<Seen>{{0x1014, 3, 8}, {0x1016, 2, 16}, {0x1034, 0x1234'5678, 32}, {0x300c, 2, 16}});
}

TEST_CASE("messages are PCI's, and a device may have no room for one") {
    const Model model;
    const auto memory_mapped = Registers::mmio(0x1000, 0);
    CHECK_FALSE(memory_mapped.set_message(Register::queue_vector, 0));
    CHECK_FALSE(memory_mapped.pci_function().has_value());
    const auto registers = Registers::pci(0x18, 0x1000, {0x3000, 2}, 0, 0x2000, {});
    CHECK(registers.pci_function() == 0x18);
    memory = {{0x101a, 3}, {0x1010, 0xffff}};
    CHECK(registers.set_message(Register::queue_vector, 3));
    CHECK_FALSE(registers.set_message(Register::config_vector, 3));
    CHECK(writes == std::vector<Seen>{{0x101a, 3, 16}, {0x1010, 3, 16}});
}

TEST_CASE("a bell beyond the structure for bells is none") {
    const Model model;
    const auto bell = [](std::uint32_t offset, std::uint32_t multiplier, std::uint32_t size) {
        memory[0x101e] = offset;
        return Registers::pci(0x18, 0x1000, {0x3000, size}, multiplier, 0x2000, {}).bell(1);
    };
    CHECK(bell(0, 0, 2).has_value());
    CHECK(bell(7, 0, 2).has_value());  // one for all
    CHECK(bell(1023, 4, 0x1000).has_value());
    CHECK(bell(1024, 4, 0x1000).error() == Error::device_error);
    CHECK(bell(0xffff, 4, 0x1000).error() == Error::device_error);
    CHECK(bell(0xffff, 0x8000'0000, 0x1000).error() == Error::device_error);
    CHECK(bell(2, 0x8000'0000, 0x1000).error() == Error::device_error);  // of more than 32 bits
    CHECK(bell(1, 1, 0x1000).error() == Error::device_error);            // not where 16 bits can be
    CHECK(bell(1, 0xffe, 0x1000).has_value());
    CHECK(bell(1, 0xfff, 0x1000).error() == Error::device_error);
    CHECK(bell(1, 0x1000, 0x1000).error() == Error::device_error);
}
