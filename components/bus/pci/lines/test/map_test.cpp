// SPDX-License-Identifier: BSD-3-Clause
#include "../map.hpp"

#include "../../../devicetree/test/blob.hpp"
#include "../../test/fake_space.hpp"

#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/interrupts.hpp>
#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace unicore::bus::pci;
using unicore::Error;
using unicore::test::fakes;
namespace devicetree = unicore::bus::devicetree;

namespace {

using Words = std::vector<std::uint32_t>;

std::vector<Words> taken;  ///< lines, by their specifiers

std::string bytes(const Words& words) {
    std::string text;
    for (const std::uint32_t word : words)
        for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(word >> shift));
    return text;
}

/// As QEMU's virt has it: lines of devices in a row take turns at four inputs.
Words map_of_virt() {
    Words map;
    for (std::uint32_t device = 0; device < 4; ++device)
        for (std::uint32_t pin = 1; pin <= 4; ++pin)
            for (const std::uint32_t word :
                 {device << 11, 0U, 0U, pin, 0x8002U, 0U, 0U, 0U, 3 + (device + pin - 1) % 4, 4U})
                map.push_back(word);
    return map;
}

struct Tree {
    std::string map = bytes(map_of_virt());
    Words mask{0x1800, 0, 0, 7};
    std::uint32_t handle = 0x8002, address_cells = 2, interrupt_cells = 3;

    devicetree::Node open() {
        static Blob blob;
        blob = Blob();
        blob.begin("").words("#address-cells", {2}).words("#size-cells", {2});
        blob.begin("intc").words("phandle", {handle}).words("#interrupt-cells", {interrupt_cells});
        if (address_cells != 0) blob.words("#address-cells", {address_cells});
        blob.end().begin("pcie").string("compatible", "pci-host-ecam-generic").property("interrupt-map", map);
        if (!mask.empty()) blob.property("interrupt-map-mask", bytes(mask));
        blob.end().end();
        REQUIRE(devicetree::open(blob.finish(), [](const void*, std::size_t) noexcept { return true; }).has_value());
        return devicetree::find(std::string_view("pci-host-ecam-generic")).value();
    }
    unicore::Result<devicetree::InterruptSpecifier> of(Address function, unsigned pin) {
        return lines::specifier(open(), function, pin);
    }
};

}  // namespace

std::span<const unicore::MemoryRange> unicore::platform::memory() noexcept { return {}; }

unicore::Result<unicore::interrupts::Line> unicore::interrupts::Line::create(std::span<const std::uint32_t> specifier,
                                                                             Handler, void*) noexcept {
    for (const Words& each : taken)
        if (std::ranges::equal(each, specifier)) return unexpected(Error::busy);
    taken.emplace_back(specifier.begin(), specifier.end());
    return Line(specifier[1]);
}
void unicore::interrupts::Line::release(std::uint32_t number) noexcept {
    std::erase_if(taken, [&](const Words& each) { return each[1] == number; });
}

TEST_CASE("QEMU's map") {
    Tree tree;
    CHECK(tree.of({0, 0, 0}, 1)->cells[1] == 3);
    CHECK(tree.of({0, 1, 0}, 1)->cells[1] == 4);
    CHECK(tree.of({0, 5, 0}, 1)->cells[1] == 4);
    CHECK(tree.of({0, 5, 3}, 4)->cells[1] == 3);
    CHECK(tree.of({0, 31, 7}, 2)->cells[1] == 3);
    CHECK(tree.of({0, 1, 0}, 1)->count == 3);
    CHECK(tree.of({0, 1, 0}, 1)->cells[2] == 4);
    CHECK(tree.of({0, 1, 0}, 5).error() == Error::not_found);
}

TEST_CASE("maps of other forms") {
    Words map{0x800, 0, 0, 1, 7, 42, 0x1000, 0, 0, 1, 7, 43};
    Tree tree{.map = bytes(map), .mask = {}, .handle = 7, .address_cells = 0, .interrupt_cells = 1};
    CHECK(tree.of({0, 2, 0}, 1)->cells[0] == 43);  // all bits count where there is no mask
    CHECK(tree.of({0, 2, 0}, 1)->count == 1);
    CHECK(tree.of({0, 2, 1}, 1).error() == Error::not_found);
    tree.map.resize(tree.map.size() - 1);
    CHECK_FALSE(tree.of({0, 2, 0}, 1).has_value());
    CHECK(tree.of({0, 1, 0}, 1)->cells[0] == 42);
    tree.handle = 8;
    CHECK(tree.of({0, 1, 0}, 1).error() == Error::device_error);
    tree.handle = 7;
    for (const std::uint32_t cells : {0U, 5U, 0xffff'ffffU}) {
        tree.interrupt_cells = cells;
        CHECK(tree.of({0, 1, 0}, 1).error() == Error::device_error);
    }
    tree.interrupt_cells = 1;
    tree.address_cells = 0xffff'ffff;
    CHECK(tree.of({0, 1, 0}, 1).error() == Error::device_error);
    tree.map.clear();
    CHECK(tree.of({0, 1, 0}, 1).error() == Error::not_found);
}

TEST_CASE("any map is taken") {
    std::mt19937 random(3);
    unsigned understood = 0;
    for (int round = 0; round < 2000; ++round) {
        Tree tree;
        for (unsigned left = random() % 6; left != 0; --left)
            tree.map[random() % 80] = static_cast<char>(random() % 3 == 0 ? random() : 0);
        tree.map.resize(random() % tree.map.size());
        if (tree.of({0, static_cast<unsigned>(random() % 2), 0}, 1 + random() % 4)) ++understood;
    }
    CHECK(understood > 100);
}

TEST_CASE("a function has its line, one function each") {
    Tree tree;
    tree.open();
    fakes = {};
    for (const unsigned device : {1U, 2U, 5U}) {
        fakes[{0, device, 0}].at(0x3c) = 0x100;
        fakes[{0, device, 0}].writable[1] |= 0x400;
        fakes[{0, device, 0}].at(4) |= 0x400;
    }
    const auto create = [](Address address) {
        return Interrupt::create(Function::at(address).value(), [](void*) noexcept {}, nullptr);
    };
    {
        const auto first = create({0, 1, 0});
        REQUIRE(first.has_value());
        CHECK_FALSE(first->message().has_value());
        CHECK((fakes[{0, 1, 0}].at(4) & 0x400) == 0);
        CHECK(taken == std::vector<Words>{{0, 4, 4}});
        CHECK(create({0, 1, 0}).error() == Error::busy);
        CHECK(create({0, 5, 0}).error() == Error::busy);  // the same line
        auto second = create({0, 2, 0});
        REQUIRE(second.has_value());
        const Interrupt moved(std::move(*second));
        CHECK(taken.size() == 2);
    }
    CHECK(taken.empty());
    CHECK(create({0, 5, 0}).has_value());
    CHECK(taken.empty());

    fakes[{0, 1, 0}].at(0x3c) = 0;
    CHECK(create({0, 1, 0}).error() == Error::not_found);
    fakes[{0, 1, 0}].at(0x3c) = 0x500;
    CHECK(create({0, 1, 0}).error() == Error::device_error);
    fakes[{0, 8, 0}].bridge_to(0, 1, 1);
    fakes[{1, 0, 0}].at(0x3c) = 0x100;
    CHECK(create({1, 0, 0}).error() == Error::unsupported);
}
