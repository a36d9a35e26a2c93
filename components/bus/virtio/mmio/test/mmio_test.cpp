// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/mapping.hpp>
#include <unicore/bus/virtio/places.hpp>
#include <unicore/bus/virtio/transports.hpp>

#include <catch2/catch.hpp>

#include <vector>

namespace unicore::bus::virtio::mmio {
Result<void> start() noexcept;
}

using namespace unicore::bus::virtio;
using unicore::Error;

namespace {

/// Registers of a transport: magic, version, device; in a page of its own.
struct alignas(4096) RegisterPage {
    std::uint32_t words[1024];
};
std::vector<places::Place> machine;
unsigned visits, mapped;
std::uint64_t refused;

places::Place place_of(const RegisterPage& transport, std::uint64_t size = 0x200) {
    return {reinterpret_cast<std::uintptr_t>(&transport), size};
}

unicore::Result<transports::Found> find(DeviceId id, unsigned passed_over = 0) {
    return transports::ways().front().find(id, passed_over);
}

}  // namespace

void places::each(Visit visit, void* context) noexcept {
    for (const Place& place : machine) {
        ++visits;
        if (!visit(place, context)) return;
    }
}

unicore::Result<void> unicore::arch::map(MemoryRange range, Access access) noexcept {
    CHECK(access == Access::device);
    CHECK(range.size == page_size);
    ++mapped;
    if (range.base == refused) return unexpected(Error::out_of_memory);
    return {};
}

TEST_CASE("devices are found by their kind, in the machine's order") {
    static RegisterPage empty{{0x7472'6976, 2, 0}}, network{{0x7472'6976, 1, 1}}, first{{0x7472'6976, 2, 4}},
        second{{0x7472'6976, 1, 4}}, nonsense{{0x7472'6977, 2, 4}}, old{{0x7472'6976, 0, 4}}, young{{0x7472'6976, 3, 4}};
    REQUIRE(mmio::start().has_value());
    CHECK(find(DeviceId::entropy).error() == Error::not_found);

    machine = {place_of(empty), place_of(first, 0x40), place_of(nonsense), place_of(old),
               place_of(young), place_of(network),     place_of(first),    place_of(second, 0x10'0000)};
    const auto found = find(DeviceId::entropy);
    REQUIRE(found.has_value());
    CHECK_FALSE(found->legacy);
    CHECK(found->registers.config_size() == 0x100);
    CHECK(visits == 7);  // no further than needed
    CHECK(mapped == 6);  // what is too small is no transport
    REQUIRE(find(DeviceId::entropy, 1).has_value());
    CHECK(find(DeviceId::entropy, 1)->legacy);
    CHECK(find(DeviceId::entropy, 1)->registers.config_size() == 0xf00);  // as much as anybody has
    CHECK(find(DeviceId::entropy, 2).error() == Error::not_found);
    CHECK(find(DeviceId::network)->id == DeviceId::network);
    CHECK(find(DeviceId::block).error() == Error::not_found);
    unsigned passed_over = 3;
    CHECK(transports::ways().front().find(DeviceId::entropy, passed_over).error() == Error::not_found);
    CHECK(passed_over == 1);  // two were there

    refused = machine.front().base;  // one that cannot be looked at is in nobody's way
    CHECK(find(DeviceId::entropy).has_value());
    CHECK(find(DeviceId::block).error() == Error::out_of_memory);
    machine = {{UINT64_MAX - 0x10, 0x200}};
    CHECK(find(DeviceId::entropy).error() == Error::out_of_range);
}
