// SPDX-License-Identifier: BSD-3-Clause
#include "fake_function.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <utility>

namespace unicore {
namespace test {
namespace {

FakePci* current = nullptr;

constexpr arch::DeviceAccess::Model model{
    [](std::uintptr_t address, unsigned width) noexcept { return current->read(address - current->base, width); },
    [](std::uintptr_t address, std::uint32_t value, unsigned width) noexcept {
        current->write(address - current->base, value, width);
    }};

}  // namespace

void make_virtio(FakeFunction& function, std::uint16_t device, std::uint64_t base) {
    function = FakeFunction(0x1af4, device);
    function.memory_bar(1, 0x1000, 0xfebf'0000);
    function.memory_bar(4, 0x4000, base, true, true);
    function.capability(0x98, 0, 0x11, {}, 1);
    function.capability(0x84, 0x98, 0x09, {0, 0, 0}, 0x0514);  // access through the configuration space
    function.capability(0x70, 0x84, 0x09, {4, 0x3000, 0x1000, 4}, 0x0214);
    function.capability(0x60, 0x70, 0x09, {4, 0x2000, 0x1000}, 0x0410);
    function.capability(0x50, 0x60, 0x09, {4, 0x1000, 0x1000}, 0x0310);
    function.capability(0x40, 0x50, 0x09, {4, 0, 0x1000}, 0x0110);
}

FakePci::FakePci(std::uint64_t where) : base(where) {
    current = this;
    arch::DeviceAccess::model = &model;
}

FakePci::~FakePci() { arch::DeviceAccess::model = nullptr; }

std::uint32_t FakePci::read(std::uint64_t offset, unsigned width) {
    switch (offset << 8 | width) {
        case 0x04'20: return static_cast<std::uint32_t>(offers >> 32 * feature_select);
        case 0x14'08: return status;
        case 0x15'08: return generation;
        case 0x18'10: return selected < 2 ? queue_size : 0;
        case 0x1c'10: return enabled;
        case 0x1e'10: return selected * bell_offset;
        case 0x1000'08: return std::exchange(isr, std::uint8_t{0});
        case 0x2000'10: return 0x1234;
        default: FAIL("read of " << offset << ", " << width << " bits"); return 0;
    }
}

void FakePci::write(std::uint64_t offset, std::uint32_t value, unsigned width) {
    const auto half = [&](std::uint64_t& word, unsigned shift) {
        word = (word & ~(std::uint64_t{UINT32_MAX} << shift)) | std::uint64_t{value} << shift;
    };
    if (offset >= 0x3000 && width == 16) {
        CHECK(offset == 0x3000 + value * 4U * bell_offset);
        return rung.push_back(static_cast<std::uint16_t>(value));
    }
    switch (offset << 8 | width) {
        case 0x00'20: feature_select = value; break;
        case 0x08'20: accepted_select = value; break;
        case 0x0c'20: half(accepted, 32 * accepted_select); break;
        case 0x14'08: status = static_cast<std::uint8_t>(value); break;
        case 0x16'10: selected = static_cast<std::uint16_t>(value); break;
        case 0x18'10: queue_size = static_cast<std::uint16_t>(value); break;
        case 0x1c'10: enabled = static_cast<std::uint16_t>(value); break;
        case 0x20'20: half(layout.descriptors, 0); break;
        case 0x24'20: half(layout.descriptors, 32); break;
        case 0x28'20: half(layout.available, 0); break;
        case 0x2c'20: half(layout.available, 32); break;
        case 0x30'20: half(layout.used, 0); break;
        case 0x34'20: half(layout.used, 32); break;
        default: FAIL("write of " << offset << ", " << width << " bits");
    }
}

}  // namespace test

std::span<const MemoryRange> platform::memory() noexcept { return {}; }

}  // namespace unicore
