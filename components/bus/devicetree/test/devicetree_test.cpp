// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "blob.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>

using namespace unicore;
using namespace unicore::bus::devicetree;

namespace {

/// A board with a bus that moves addresses, a controller, and a console behind an alias.
Blob board() {
    Blob blob;
    blob.reserve(0x4000'0000, 0x1000);
    blob.begin("").words("#address-cells", {2}).words("#size-cells", {1}).words("interrupt-parent", {7});
    blob.begin("aliases").string("serial0", "/soc/uart@1000").end();
    blob.begin("chosen").string("stdout-path", "serial0:115200n8").end();
    blob.begin("memory@1,40000000").string("device_type", "memory");
    blob.words("reg", {1, 0x4000'0000, 0x1000'0000, 2, 0, 0x2000'0000}).end();
    blob.begin("off").string("compatible", "maker,uart").string("status", "disabled").end();
    blob.begin("soc").words("#address-cells", {1}).words("#size-cells", {1}).words("ranges", {0x1000, 0, 0x3f00'0000, 0x1000});
    blob.begin("uart@1000").property("compatible", std::string_view("maker,uart2\0maker,uart\0", 23));
    blob.words("reg", {0x1800, 0x100, 0x9000, 0x100}).words("interrupts", {0, 5, 4, 1, 11, 8}).end();
    blob.end();
    blob.begin("intc").words("phandle", {7}).words("#interrupt-cells", {3}).end();
    blob.begin("closed").words("#address-cells", {1}).words("#size-cells", {1});
    blob.begin("inside@0").words("reg", {0, 4}).end();
    blob.end();
    return blob.end();
}

}  // namespace

TEST_CASE("nodes are walked in order, with their names and depths") {
    Blob blob = board();
    REQUIRE(open(blob.finish()));
    std::string all;
    for (Walk walk; const auto node = walk.next();)
        all += std::string(node->depth(), '.') + std::string(node->name()) + ' ';
    CHECK(all == " .aliases .chosen .memory@1,40000000 .off .soc ..uart@1000 .intc .closed ..inside@0 ");
    CHECK(reserved(0)->base == 0x4000'0000);
    CHECK_FALSE(reserved(1));
}

TEST_CASE("nodes are found by compatible, by path and by alias") {
    Blob blob = board();
    REQUIRE(open(blob.finish()));
    REQUIRE(find("maker,uart"));
    CHECK(find("maker,uart")->name() == "uart@1000");
    CHECK_FALSE(find("maker"));
    CHECK(at("/soc/uart")->name() == "uart@1000");
    CHECK(at("/soc/uart@1000/")->depth() == 2);
    CHECK(at("/")->name().empty());
    CHECK_FALSE(at("/soc/uart@2000"));
    CHECK_FALSE(at("/uart@1000"));
    CHECK_FALSE(at("serial1"));
    CHECK_FALSE(at(""));
    CHECK(console()->name() == "uart@1000");
    CHECK(console()->above().name() == "soc");
}

TEST_CASE("addresses are translated through the buses above") {
    Blob blob = board();
    REQUIRE(open(blob.finish()));
    const auto memory = at("/memory");
    CHECK(memory->registers(0)->base == 0x1'4000'0000);
    CHECK(memory->registers(1)->size == 0x2000'0000);
    CHECK(memory->registers(2).error() == Error::not_found);
    CHECK(console()->registers(0)->base == 0x3f00'0800);
    CHECK(console()->registers(1).error() == Error::unsupported);  // outside of the bus's window
    CHECK(at("/closed/inside")->registers(0).error() == Error::unsupported);
}

TEST_CASE("interrupts have as many cells as their controller says") {
    Blob blob = board();
    REQUIRE(open(blob.finish()));
    const auto second = console()->interrupt(1);
    REQUIRE(second);
    CHECK(second->count == 3);
    CHECK(second->cells[1] == 11);
    CHECK(console()->interrupt(2).error() == Error::not_found);
    CHECK(at("/memory")->interrupt(0).error() == Error::not_found);
}

TEST_CASE("what is no tree, or one of another version, is refused") {
    Blob blob = board();
    auto* const bytes = static_cast<unsigned char*>(blob.finish());
    CHECK(size_of(bytes).value() > 40);
    CHECK(size_of(bytes + 4).error() == Error::invalid_argument);
    bytes[0] = 0;
    CHECK(size_of(bytes).error() == Error::invalid_argument);
    CHECK(open(bytes).error() == Error::invalid_argument);
    CHECK(open(blob.finish(16, 16)).error() == Error::unsupported);
    CHECK(open(blob.finish(18, 18)).error() == Error::unsupported);
    CHECK(open(blob.finish(18, 17)));
}

TEST_CASE("a broken tree ends early, whatever its bytes are") {
    std::mt19937 random(20261124);
    for (int round = 0; round < 3000; ++round) {
        Blob blob = board();
        auto* const bytes = static_cast<unsigned char*>(blob.finish());
        const std::size_t size = size_of(bytes).value();
        for (int i = 0; i < 4; ++i) bytes[40 + random() % (size - 40)] = static_cast<unsigned char>(random() % 12);
        if (!open(bytes)) continue;
        unsigned nodes = 0;
        for (Walk walk; const auto node = walk.next(); ++nodes) {
            REQUIRE(nodes < 1000);
            static_cast<void>(node->registers(0));
            static_cast<void>(node->interrupt(0));
            static_cast<void>(node->compatible("maker,uart"));
        }
        static_cast<void>(console());
    }
}
