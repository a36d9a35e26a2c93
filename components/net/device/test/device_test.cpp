// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/address.hpp>
#include <unicore/net/device.hpp>

#include <catch2/catch.hpp>

#include <string_view>

using namespace unicore::net;

namespace {

struct Named final : Device {
    explicit Named(std::string_view name) : name_(name) {}
    std::string_view name() const noexcept override { return name_; }
    const Properties& properties() const noexcept override { return properties_; }
    Link link() const noexcept override { return {}; }
    Statistics statistics() const noexcept override { return {}; }
    unicore::Result<void> open(Listener&) noexcept override { return {}; }
    void close() noexcept override {}
    std::size_t send(unsigned, std::span<Packet>) noexcept override { return 0; }
    std::size_t receive(unsigned, std::span<Packet>) noexcept override { return 0; }
    void reclaim(unsigned) noexcept override {}
    bool await(unsigned, Event) noexcept override { return true; }

    std::string_view name_;
    Properties properties_;
};

}  // namespace

TEST_CASE("devices are found in the order in which they were added, and by name") {
    static Named one("virtio0"), two("virtio1");
    CHECK(first_device() == nullptr);
    CHECK(find_device("virtio0") == nullptr);
    add(one);
    add(two);
    CHECK(first_device() == &one);
    CHECK(first_device()->next == &two);
    CHECK(find_device("virtio1") == &two);
    CHECK(find_device("virtio") == nullptr);
    CHECK(two.look_at() == unicore::time::never);
}

TEST_CASE("addresses of groups, and of nobody, are no station's") {
    CHECK(MacAddress{{0x52, 0x54, 0, 0, 0, 1}}.station());
    CHECK_FALSE(MacAddress{}.station());
    CHECK_FALSE(broadcast.station());
    CHECK(broadcast.group());
    CHECK_FALSE(MacAddress{{0x33 & ~1, 0x33, 0, 0, 0, 1}}.group());
    CHECK(MacAddress{{0x33, 0x33, 0, 0, 0, 1}}.group());
}
