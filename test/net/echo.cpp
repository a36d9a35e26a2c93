// SPDX-License-Identifier: BSD-3-Clause
/// Sends every frame back to where it came from, on all devices, until it is asked to stop: by the platform, or by a frame
/// of the second type for experiments. For the tests of drivers, and to be measured.
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>
#include <unicore/net/device.hpp>
#include <unicore/sched.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace {

using namespace unicore;
using net::Device;
using net::Packet;

struct Woken final : net::Listener {
    void ready(unsigned) noexcept override {
        woken = true;
        queue.wake_all();
    }
    void link_changed() noexcept override { ++changes; }

    sched::WaitQueue queue;
    bool woken = false;
    unsigned changes = 0;
};

/// A device, and what it has not taken yet.
struct Echo {
    Device* device = nullptr;
    std::array<Packet, 32> burst;
    std::size_t begin = 0, end = 0;
    bool stop = false;

    /// Whether anything was moved.
    bool turn() noexcept {
        if (begin == end) {
            begin = 0;
            end = device->receive(0, burst);
            for (std::size_t i = 0; i != end; ++i) {
                const auto header = burst[i].bytes();
                std::swap_ranges(header.begin(), header.begin() + 6, header.begin() + 6);
                stop |= header[12] == std::byte{0x88} && header[13] == std::byte{0xb6};  // [IEEE 802, 9.2.3]
            }
        }
        const std::size_t taken = device->send(0, std::span(burst).subspan(begin, end - begin));
        begin += taken;
        return taken != 0;
    }
    /// Whether there is nothing to do now.
    bool rest() noexcept {
        return device->await(0, begin == end ? Device::Event::received : Device::Event::received_or_room);
    }
};

void describe(const Device& device) noexcept {
    const net::Properties& properties = device.properties();
    text::Line line;
    line << device.name();
    for (const unsigned byte : properties.address.bytes) line << ' ' << text::HexDigits{byte, 2};
    line << " mtu=" << properties.mtu << " sums=" << int{properties.completes_checksums}
         << int{properties.verifies_checksums} << " segments=" << int{properties.segments_tcp4}
         << int{properties.segments_tcp6} << int{properties.merges_tcp} << '\n';
    console::write(line.view());
}

void tell_link(const Device& device) noexcept {
    text::Line line;
    line << "link changed: " << device.name() << (device.link().up ? " up\n" : " down\n");
    console::write(line.view());
}

void account(const Device& device) noexcept {
    const net::Statistics statistics = device.statistics();
    text::Line line;
    line << device.name() << (device.link().up ? " up" : " down");
    for (const auto& [name, counts] : {std::pair{" received=", statistics.received}, {" sent=", statistics.sent}})
        line << name << counts.packets << '/' << counts.bytes << '/' << counts.dropped << '/' << counts.errors;
    line << " interrupts=" << statistics.interrupts << '\n';
    console::write(line.view());
}

}  // namespace

int main() {
    Woken listener;
    std::array<Echo, 9> echoes;
    std::size_t count = 0;
    for (Device* device = net::first_device(); device != nullptr; device = device->next) {
        describe(*device);
        if (!device->open(listener)) return 1;
        echoes[count++].device = device;
    }
    console::write("ready\n");
    const auto active = std::span(echoes).first(count);
    while (std::ranges::none_of(active, &Echo::stop)) {
        bool moved = false;
        for (Echo& echo : active) moved |= echo.turn();
        if (moved) continue;
        listener.woken = false;
        bool idle = true;
        for (Echo& echo : active) idle &= echo.rest();
        if (idle && !listener.queue.wait([&] { return listener.woken || listener.changes != 0; })) break;
        if (std::exchange(listener.changes, 0) != 0) for (const Echo& echo : active) tell_link(*echo.device);
    }
    for (Echo& echo : active) {
        account(*echo.device);
        echo.device->close();
    }
    return 0;
}
