// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio.hpp>

#include <unicore/arch/mapping.hpp>
#include <unicore/bus/virtio/places.hpp>

#include <catch2/catch.hpp>

#include <vector>

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
        second{{0x7472'6976, 1, 4}}, nonsense{{1, 2, 4}};
    visits = mapped = 0;
    machine.clear();
    refused = 0;
    CHECK(find(DeviceId::entropy).error() == Error::not_found);

    machine = {place_of(empty),   place_of(first, 0x40), place_of(nonsense),
               place_of(network), place_of(first),       place_of(second)};
    const auto found = find(DeviceId::entropy);
    REQUIRE(found.has_value());
    CHECK_FALSE(found->legacy());
    CHECK(visits == 5);  // no further than needed
    CHECK(mapped == 4);  // what is too small is no transport
    REQUIRE(find(DeviceId::entropy, 1).has_value());
    CHECK(find(DeviceId::entropy, 1)->legacy());
    CHECK(find(DeviceId::entropy, 2).error() == Error::not_found);
    CHECK(find(DeviceId::network)->device_id() == DeviceId::network);
    CHECK(find(DeviceId::block).error() == Error::not_found);

    refused = machine.front().base;  // one that cannot be looked at is in nobody's way
    CHECK(find(DeviceId::entropy).has_value());
    CHECK(find(DeviceId::block).error() == Error::out_of_memory);
    machine = {{UINT64_MAX - 0x10, 0x200}};
    CHECK(find(DeviceId::entropy).error() == Error::out_of_range);
}
