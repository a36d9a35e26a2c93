// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "blob.hpp"

#include <catch2/catch.hpp>
#include <libfdt.h>

#include <cstring>
#include <random>

using namespace unicore;
using namespace unicore::bus::devicetree;

namespace {

constexpr Access anything = [](const void*, std::size_t) noexcept { return true; };

Result<std::size_t> open(const void* tree) { return bus::devicetree::open(tree, anything); }

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
    CHECK(at("/soc/uart:115200n8/x")->name() == "uart@1000");  // options follow the colon
    CHECK(at("serial0:115200n8")->name() == "uart@1000");
    CHECK_FALSE(at("serial:0"));
    CHECK_FALSE(at("serial0/"));
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

TEST_CASE("nodes right below the root are noted") {
    Blob blob = board();
    REQUIRE(open(blob.finish()));
    CHECK(noted(Noted::chosen).name() == "chosen");
    CHECK(noted(Noted::memory).name() == "memory@1,40000000");
    CHECK(noted(Noted::last_memory) == noted(Noted::memory));
    CHECK(noted(Noted::reserved_memory) == Node());
    Walk rest(*at("/intc"));
    CHECK(rest.next()->name() == "intc");
    CHECK(rest.next("nobody") == std::nullopt);
    Blob empty;
    REQUIRE(open(empty.begin("").begin("memories").end().end().finish()));
    CHECK(noted(Noted::chosen) == Node());
    CHECK(noted(Noted::memory) == Node());
    CHECK_FALSE(console());
}

TEST_CASE("one of several names is enough") {
    Blob blob = board();
    REQUIRE(open(blob.finish()));
    using namespace std::string_view_literals;
    CHECK(find("nobody\0maker,uart"sv)->name() == "uart@1000");
    CHECK(find("maker,uart\0nobody"sv)->name() == "uart@1000");
    CHECK_FALSE(find("maker\0uart"sv));
    CHECK_FALSE(find("maker,uart2,"sv));
    CHECK(console()->compatible("x\0maker,uart2"sv));
}

TEST_CASE("strings end in a null byte") {
    Blob blob;
    blob.begin("").property("open", "maker,uart").property("compatible", std::string_view("\0x\0", 3));
    blob.property("none", "").string("whole", "a value").end();
    REQUIRE(open(blob.finish()));
    const Node root;
    CHECK_FALSE(root.has("open", "maker,uart"));
    CHECK(root.string("open") == std::string_view());
    CHECK(root.string("none") == std::string_view());
    CHECK(root.string("missing") == std::string_view());
    CHECK(root.string("whole") == std::string_view("a value"));
    CHECK(root.compatible("x"));
    CHECK(root.compatible(""));  // one of its strings is empty
    CHECK_FALSE(root.has("none", ""));
    CHECK_FALSE(root.has("whole", "a"));
    CHECK_FALSE(root.has("whole", "a value or two"));
}

TEST_CASE("a tree whose parts lie in another order is refused") {
    // Words of the header: magic, size, structure, strings, reserved, versions, CPU, strings' size, structure's size.
    for (const auto [first, second] : {std::pair{2, 3}, {3, 4}, {2, 4}}) {
        Blob blob = board();
        auto* const words = static_cast<std::uint32_t*>(blob.finish());
        std::swap(words[first], words[second]);
        CHECK(open(words).error() == Error::invalid_argument);
    }
    for (const int each : {2, 3, 8, 9}) {  // past the end of numbers of 32 bits
        Blob blob = board();
        auto* const words = static_cast<std::uint32_t*>(blob.finish());
        words[each] = 0xfcff'ffff;  // 0xffff'fffc, the other way round
        CHECK(open(words).error() == Error::invalid_argument);
    }
}

TEST_CASE("a tree of which not all can be had is not opened") {
    Blob blob = board();
    const void* const tree = blob.finish();
    static std::size_t most;
    constexpr Access limited = [](const void*, std::size_t size) noexcept { return size <= most; };
    most = 100'000;
    const std::size_t size = bus::devicetree::open(tree, limited).value();
    CHECK(size > 40);
    most = size - 1;
    CHECK(bus::devicetree::open(tree, limited).error() == Error::out_of_range);
    most = 39;
    CHECK(bus::devicetree::open(tree, limited).error() == Error::out_of_range);
    most = size;
    CHECK(bus::devicetree::open(tree, limited).value() == size);
}

TEST_CASE("what is no tree, or one of another version, is refused") {
    Blob blob = board();
    auto* const bytes = static_cast<unsigned char*>(blob.finish());
    CHECK(open(bytes + 4).error() == Error::invalid_argument);
    bytes[0] = 0;
    CHECK(open(bytes).error() == Error::invalid_argument);
    CHECK(open(blob.finish(16, 16)).error() == Error::unsupported);
    CHECK(open(blob.finish(18, 18)).error() == Error::unsupported);
    CHECK(open(blob.finish(18, 17)));
}

namespace {

/// Whether libfdt can read all nodes and properties.
bool is_readable(const void* tree) {
    int offset = 0, depth = 0, each = 0;
    for (; offset >= 0 && depth >= 0; offset = fdt_next_node(tree, offset, &depth)) {
        if (fdt_get_name(tree, offset, nullptr) == nullptr) return false;
        fdt_for_each_property_offset(each, tree, offset) {
            const char* name = nullptr;
            if (fdt_getprop_by_offset(tree, each, &name, nullptr) == nullptr || name == nullptr) return false;
        }
        if (each != -FDT_ERR_NOTFOUND) return false;
    }
    return offset == -FDT_ERR_NOTFOUND || depth < 0;
}

/// All that libfdt and we see of the tree that is open.
void compare_with_libfdt(const void* tree) {
    int offset = 0, depth = 0;
    Walk walk;
    for (; offset >= 0 && depth >= 0; offset = fdt_next_node(tree, offset, &depth)) {
        const auto node = walk.next();
        REQUIRE(node);
        int length = 0;
        const char* const name = fdt_get_name(tree, offset, &length);
        REQUIRE(node->name() == std::string_view(name, static_cast<std::size_t>(length)));
        REQUIRE(node->depth() == static_cast<unsigned>(depth));
        REQUIRE(node->above().name() == fdt_get_name(tree, depth == 0 ? 0 : fdt_parent_offset(tree, offset), nullptr));
        int each = 0;
        fdt_for_each_property_offset(each, tree, offset) {
            const char* property = nullptr;
            fdt_getprop_by_offset(tree, each, &property, &length);
            const auto* const value = static_cast<const std::byte*>(fdt_getprop(tree, offset, property, &length));
            const auto ours = node->property(property);
            REQUIRE(ours.data() == value);
            REQUIRE(ours.size() == static_cast<std::size_t>(length));
        }
    }
    CHECK_FALSE(walk.next());
}

}  // namespace

TEST_CASE("libfdt sees the same in a tree") {
    Blob blob = board();
    const void* const tree = blob.finish();
    REQUIRE(open(tree));
    compare_with_libfdt(tree);
}

TEST_CASE("a broken tree is refused, or as libfdt sees it, whatever its bytes are") {
    std::mt19937 random(20261124);
    unsigned opened = 0, refused = 0, compared = 0;
    for (int round = 0; round < 6000; ++round) {
        Blob blob = board();
        auto* const bytes = static_cast<unsigned char*>(blob.finish());
        const std::size_t size = open(bytes).value();
        // Mostly what is read as numbers and tokens, seldom everything.
        for (int i = 0; i < 2; ++i)
            bytes[(round % 4 != 0 ? 40 : 0) + random() % (size - 40)] = static_cast<unsigned char>(random() % 12);
        if (!open(bytes)) {
            ++refused;
            continue;
        }
        ++opened;
        unsigned nodes = 0;
        for (Walk walk; const auto node = walk.next(); ++nodes) {
            REQUIRE(nodes < 1000);
            static_cast<void>(node->registers(0));
            static_cast<void>(node->interrupt(0));
            static_cast<void>(node->compatible("maker,uart"));
        }
        static_cast<void>(console());
        if (fdt_check_header(bytes) == 0 && is_readable(bytes)) {
            ++compared;
            compare_with_libfdt(bytes);
        }
    }
    CHECK(opened > 1000);
    CHECK(compared > 1000);
    CHECK(refused > 1000);
}
