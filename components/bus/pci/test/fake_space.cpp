// SPDX-License-Identifier: BSD-3-Clause
#include "fake_space.hpp"

#include <unicore/arch/mapping.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>

namespace unicore {
namespace test {
using namespace bus::pci;

constexpr unsigned first_bar = offset::bars;
FakeSpace fakes;

FakeFunction::FakeFunction(std::uint16_t vendor, std::uint16_t device, std::uint8_t header) {
    at(offset::identity) = vendor | std::uint32_t{device} << 16;
    at(offset::header_type) = std::uint32_t{header} << 16;
    writable[offset::command / 4] = 0x0000'0547;
    writable[offset::interrupt / 4] = 0xff;
}

void FakeFunction::memory_bar(unsigned index, std::uint64_t size, std::uint64_t address, bool wide, bool prefetchable) {
    const std::uint64_t mask = ~(size - 1) & ~std::uint64_t{15};
    at(first_bar + 4 * index) = static_cast<std::uint32_t>(address) | (wide ? 4 : 0) | (prefetchable ? 8 : 0);
    writable[first_bar / 4 + index] = static_cast<std::uint32_t>(mask);
    if (!wide) return;
    at(first_bar + 4 * index + 4) = static_cast<std::uint32_t>(address >> 32);
    writable[first_bar / 4 + index + 1] = static_cast<std::uint32_t>(mask >> 32);
}

void FakeFunction::port_bar(unsigned index, std::uint32_t size, std::uint32_t address) {
    at(first_bar + 4 * index) = address | 1;
    writable[first_bar / 4 + index] = ~(size - 1) & 0xfffc;
}

void FakeFunction::bridge_to(std::uint8_t primary, std::uint8_t secondary, std::uint8_t subordinate) {
    at(offset::header_type) |= 0x1'0000;
    at(offset::class_code) = 0x0604'0000;
    at(offset::bus_numbers) = primary | std::uint32_t{secondary} << 8 | std::uint32_t{subordinate} << 16;
}

void FakeFunction::capability(unsigned offset, unsigned previous, std::uint8_t id, std::vector<std::uint32_t> rest,
                              std::uint16_t upper) {
    at(offset::command) |= 0x10'0000;
    if (previous == 0) at(offset::capabilities) = offset;
    else at(previous) = (at(previous) & 0xffff'00ff) | offset << 8;
    at(offset) = id | std::uint32_t{upper} << 16;
    for (const std::uint32_t word : rest) at(offset += 4) = word;
}

Function FakeSpace::found(Address address) {
    auto walk = Walk::create().value();
    while (const auto function = walk.next())
        if (function->address() == address) return *function;
    FAIL("no such function");
    std::abort();
}

}  // namespace test

namespace bus::pci {

Result<space::Buses> space::open() noexcept { return test::fakes.buses; }

std::uint32_t space::read(Address function, unsigned offset) noexcept {
    REQUIRE(offset % 4 == 0);
    REQUIRE(offset < 256);
    ++test::fakes.reads;
    const auto found = test::fakes.functions.find(function.value());
    if (found == test::fakes.functions.end()) return UINT32_MAX;
    if (found->second.lies)
        if (const auto lie = found->second.lies(offset)) return *lie;
    return found->second.at(offset);
}

void space::write(Address function, unsigned offset, std::uint32_t value) noexcept {
    REQUIRE(offset % 4 == 0);
    REQUIRE(offset < 256);
    const auto found = test::fakes.functions.find(function.value());
    if (found == test::fakes.functions.end()) return;
    test::FakeFunction& target = found->second;
    const unsigned bars = (target.at(offset::header_type) >> 16 & 0x7f) == 0 ? 6 : 2;
    if (offset >= offset::bars && offset < offset::bars + 4 * bars && (target.at(offset::command) & 3) != 0)
        ++target.decoding_writes;
    const std::uint32_t can = target.writable[offset / 4];
    target.at(offset) = (target.at(offset) & ~can) | (value & can);
}

std::optional<space::Window> space::window(unsigned index) noexcept {
    if (index >= test::fakes.windows.size()) return std::nullopt;
    return test::fakes.windows[index];
}

}  // namespace bus::pci

Result<void> arch::map(MemoryRange range, Access access) noexcept {
    CHECK(access == Access::device);
    test::fakes.mapped.push_back(range);
    return test::fakes.mapping;
}

}  // namespace unicore
