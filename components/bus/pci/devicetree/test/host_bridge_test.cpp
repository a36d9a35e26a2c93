// SPDX-License-Identifier: BSD-3-Clause
#include "../host_bridge.hpp"

#include "../../../devicetree/test/blob.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <string>
#include <vector>

using namespace unicore::bus::pci;
using unicore::Error;
using unicore::arch::DeviceAccess;
namespace devicetree = unicore::bus::devicetree;

namespace {

using Words = std::vector<std::uint32_t>;

std::string bytes(const Words& words) {
    std::string text;
    for (const std::uint32_t word : words)
        for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(word >> shift));
    return text;
}

std::string messages;
std::vector<unicore::MemoryRange> mapped;
std::map<std::uintptr_t, std::uint32_t> memory;

constexpr DeviceAccess::Model model{[](std::uintptr_t address, unsigned width) noexcept {
                                        REQUIRE(width == 32);
                                        return memory.contains(address) ? memory[address] : UINT32_MAX;
                                    },
                                    [](std::uintptr_t address, std::uint32_t value, unsigned width) noexcept {
                                        REQUIRE(width == 32);
                                        memory[address] = value;
                                    }};

/// QEMU's virt, and what a test has otherwise.
struct Tree {
    Words registers{0x40, 0x1000'0000, 0, 0x1000'0000};
    Words buses{0, 255};
    Words ranges{0x100'0000, 0, 0,           0,    0x3eff'0000, 0, 0x1'0000,     // ports
                 0x200'0000, 0, 0x1000'0000, 0,    0x1000'0000, 0, 0x2eff'0000,  // memory
                 0x4300'0000, 0x80, 0,       0x90, 0,           0x80, 0};        // of 64 bits, prefetchable
    std::uint32_t parent_cells = 2, cells = 3, size_cells = 2;
    bool nested = false;

    unicore::Result<host::Bridge> describe() {
        Blob blob;
        blob.begin("").words("#address-cells", {parent_cells}).words("#size-cells", {2});
        if (nested) blob.begin("soc").words("#address-cells", {2}).words("#size-cells", {2}).string("ranges", "");
        blob.begin("pcie@10000000").string("compatible", "pci-host-ecam-generic");
        blob.words("#address-cells", {cells}).words("#size-cells", {size_cells}).property("reg", bytes(registers));
        if (!buses.empty()) blob.property("bus-range", bytes(buses));
        blob.property("ranges", bytes(ranges)).end();
        if (nested) blob.end();
        blob.end();
        static Blob kept;
        kept = blob;
        REQUIRE(devicetree::open(kept.finish(), [](const void*, std::size_t) noexcept { return true; }).has_value());
        return host::describe(devicetree::find(std::string_view("pci-host-ecam-generic")).value());
    }
};

}  // namespace

void unicore::platform::early_write(std::string_view text) noexcept { messages += text; }
unicore::Result<void> unicore::arch::map(MemoryRange range, Access access) noexcept {
    CHECK(access == Access::device);
    mapped.push_back(range);
    return {};
}

TEST_CASE("QEMU's host bridge") {
    const auto bridge = Tree{}.describe().value();
    CHECK(bridge.registers == 0x40'1000'0000);
    CHECK(bridge.buses.first == 0);
    CHECK(bridge.buses.last == 255);
    REQUIRE(bridge.window_count == 2);
    CHECK(bridge.windows[0].base == 0x1000'0000);
    CHECK(bridge.windows[0].physical == 0x1000'0000);
    CHECK(bridge.windows[0].size == 0x2eff'0000);
    CHECK_FALSE(bridge.windows[0].prefetchable);
    CHECK(bridge.windows[0].free);
    CHECK(bridge.windows[1].base == 0x80'0000'0000);
    CHECK(bridge.windows[1].physical == 0x90'0000'0000);
    CHECK(bridge.windows[1].size == 0x80'0000'0000);
    CHECK(bridge.windows[1].prefetchable);
}

TEST_CASE("the registers say how many buses there are at most") {
    CHECK(Tree{.registers = {0, 0x3f00'0000, 0, 0x100'0000}}.describe()->buses.last == 15);
    CHECK(Tree{.registers = {0, 0x3f00'0000, 0, 0x100'0000}, .buses = {}}.describe()->buses.last == 15);
    CHECK(Tree{.registers = {0, 0x3f00'0000, 0, 0x100'0000}, .buses = {4, 9}}.describe()->buses.last == 9);
    CHECK(Tree{.registers = {0, 0x3f00'0000, 0, 0x100'0000}, .buses = {4, 255}}.describe()->buses.last == 19);
    CHECK(Tree{.registers = {0, 0x3f00'0000, 0xffff'ffff, 0xffff'ffff}}.describe()->buses.last == 255);
    CHECK(Tree{.registers = {0, 0x3f00'0000, 0, 0xf'ffff}}.describe().error() == Error::device_error);
    CHECK(Tree{.buses = {0, 256}}.describe().error() == Error::device_error);
    CHECK(Tree{.buses = {2, 1}}.describe().error() == Error::device_error);
}

TEST_CASE("nonsense is an error, and what is not understood") {
    CHECK(Tree{.cells = 2}.describe().error() == Error::device_error);
    CHECK(Tree{.size_cells = 1}.describe().error() == Error::device_error);
    CHECK(Tree{.nested = true}.describe().error() == Error::unsupported);
    CHECK(Tree{.ranges = {0x200'0000, 0xffff'ffff, 0xffff'ffff, 0, 0, 0, 2}}.describe().error() == Error::device_error);
    CHECK(Tree{.ranges = {0x200'0000, 0, 0, 0xffff'ffff, 0xffff'ffff, 0, 2}}.describe().error() == Error::device_error);
    CHECK(Tree{.ranges = {0x200'0000, 0, 0, 0, 0, 0}}.describe()->window_count == 0);  // no whole one
    CHECK(Tree{.ranges = {}}.describe()->window_count == 0);
    const Tree many{.ranges = {0x200'0000, 0, 0, 0, 0, 0, 1, 0x200'0000, 0, 0, 0, 0, 0, 1, 0x200'0000, 0, 0, 0, 0, 0, 1,
                               0x200'0000, 0, 0, 0, 0, 0, 1, 0x200'0000, 0, 0, 0, 0, 0, 1}};
    CHECK(Tree(many).describe()->window_count == 4);
}

/// One story, since a bridge that was opened stays open.
TEST_CASE("the configuration space is memory") {
    DeviceAccess::model = &model;
    Blob none;
    none.begin("").end();
    REQUIRE(devicetree::open(none.finish(), [](const void*, std::size_t) noexcept { return true; }).has_value());
    CHECK(space::open().error() == Error::not_found);
    CHECK(messages.empty());
    static_cast<void>(Tree{.registers = {0x8000, 0, 0, 0x100'0000}}.describe());  // beyond what the CPU reaches
    CHECK(space::open().error() == Error::not_found);
    CHECK(mapped.empty());

    static_cast<void>(Tree{.registers = {0, 0x3f00'0000, 0, 0x30'0000}, .buses = {1, 8}}.describe());
    REQUIRE(space::open().has_value());
    CHECK(space::open()->first == 1);
    CHECK(space::open()->last == 3);
    CHECK(mapped == std::vector<unicore::MemoryRange>{{0x3f00'0000, 0x30'0000}});  // once
    memory = {{0x3f00'0000, 1}, {0x3f00'8000, 2}, {0x3f10'f010, 3}};
    CHECK(space::read({1, 0, 0}, 0) == 1);
    CHECK(space::read({1, 1, 0}, 0) == 2);
    CHECK(space::read({2, 1, 7}, 0x10) == 3);
    CHECK(space::read({2, 1, 7}, 0x14) == UINT32_MAX);
    space::write({3, 31, 7}, 0xfc, 9);
    CHECK(memory.at(0x3f2f'f0fc) == 9);
    const std::size_t before = memory.size();
    for (const unsigned bus : {0U, 4U, 255U}) {  // beside the bridge's registers
        CHECK(space::read({bus, 0, 0}, 0) == UINT32_MAX);
        space::write({bus, 0, 0}, 0, 0);
    }
    CHECK(memory.size() == before);
    CHECK(space::window(1)->prefetchable);
    CHECK_FALSE(space::window(2).has_value());
    DeviceAccess::model = nullptr;
}

TEST_CASE("any tree is taken") {
    std::mt19937 random(5);
    unsigned understood = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string words(static_cast<std::size_t>(random() % 120), '\0');
        for (char& c : words) c = static_cast<char>(random() % 3 == 0 ? random() : 0);
        Blob blob;
        const auto cells = 1 + static_cast<std::uint32_t>(random()) % 3;
        blob.begin("").words("#address-cells", {cells}).words("#size-cells", {2});
        blob.begin("p").string("compatible", "pci-host-ecam-generic");
        blob.words("#address-cells", {3}).words("#size-cells", {2}).property("ranges", words);
        blob.words("bus-range", {static_cast<std::uint32_t>(random() % 4), static_cast<std::uint32_t>(random() % 300)});
        blob.property("reg", words.substr(0, random() % 20)).end().end();
        REQUIRE(devicetree::open(blob.finish(), [](const void*, std::size_t) noexcept { return true; }).has_value());
        const auto bridge = host::describe(*devicetree::find(std::string_view("pci-host-ecam-generic")));
        if (!bridge) continue;
        ++understood;
        CHECK(bridge->buses.first <= bridge->buses.last);
        for (unsigned i = 0; i < bridge->window_count; ++i) {
            CHECK(bridge->windows[i].base + bridge->windows[i].size >= bridge->windows[i].base);
            CHECK(bridge->windows[i].physical + bridge->windows[i].size >= bridge->windows[i].physical);
        }
    }
    CHECK(understood > 20);
}
