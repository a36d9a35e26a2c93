// SPDX-License-Identifier: BSD-3-Clause
// What every network device promises, whoever is at the other end of its wire.
#include <unicore/base/chrono.hpp>
#include <unicore/debug/check.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/pool.hpp>
#include <unicore/time/clock.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace unicore::net {
namespace {

using namespace std::chrono_literals;

struct Deaf final : Listener {
    void ready(unsigned) noexcept override {}
    void link_changed() noexcept override {}
};

/// Frames for nobody: of an address that is the sender's own, and a type for experiments. [IEEE 802, 9.2.3]
class Frames {
public:
    explicit Frames(const Device& device) noexcept : address_(device.properties().address) {}

    Result<void> open() noexcept { return pool_.open(count); }
    /// A frame in as many parts, or nothing when the pool is empty.
    Packet make(std::size_t size, std::size_t parts) noexcept {
        Packet packet;
        for (std::size_t part = 0; part != parts; ++part) {
            const std::size_t here = size * (part + 1) / parts - size * part / parts;
            Buffer* const buffer = pool_.take_buffer();
            if (buffer == nullptr) return {};
            buffer->size = static_cast<std::uint32_t>(std::min<std::size_t>(here, buffer->capacity));
            std::memset(buffer->data, static_cast<int>(part), buffer->size);
            packet.append(Packet(*buffer));
        }
        constexpr std::array<std::uint8_t, 2> type{0x88, 0xb5};
        const auto header = packet.bytes();
        if (header.size() < ethernet_header_size) return packet;
        std::memcpy(header.data(), address_.bytes.data(), 6);
        std::memcpy(header.data() + 6, address_.bytes.data(), 6);
        std::memcpy(header.data() + 12, type.data(), 2);
        return packet;
    }
    bool all_back() const noexcept { return pool_.statistics().free == count; }

    static constexpr std::size_t count = 64;

private:
    MacAddress address_;
    Pool pool_;
};

/// Looks for a while whether `condition` comes to hold.
template <typename Condition>
bool eventually(Condition condition) noexcept {
    const time::Instant deadline = time::Monotonic::now() + 2s;
    do
        if (condition()) return true;
    while (time::Monotonic::now() < deadline);
    return false;
}

/// Sends one packet; whether the device took it, and ended it.
bool sends(Device& device, unsigned queue, Packet packet, const Frames& frames) noexcept {
    return eventually([&] {
               std::array<Packet, 8> received;
               device.receive(queue, received);  // so that nothing waits for room there
               return device.send(queue, std::span(&packet, 1)) == 1;
           }) &&
           !packet && eventually([&] {
               device.reclaim(queue);
               return frames.all_back();
           });
}

void check_description(debug::Check& check, const Device& device) noexcept {
    const Properties& properties = device.properties();
    check(!device.name().empty(), "a device has a name");
    check(find_device(device.name()) == &device, "which no other has");
    check(properties.address.station(), "its address is that of a station");
    check(properties.mtu >= 68, "IPv4 can be sent by it");
    check(properties.queues >= 1 && properties.most_parts >= 1, "a packet of one part can be sent");
    check(properties.completes_checksums || !(properties.segments_tcp4 || properties.segments_tcp6),
          "who makes segments completes checksums");
}

void check_sending(debug::Check& check, Device& device, unsigned queue, Frames& frames) noexcept {
    const Properties& properties = device.properties();
    const std::size_t longest = ethernet_header_size + properties.mtu;
    check(device.send(queue, {}) == 0, "nothing is sent");

    const Statistics before = device.statistics();
    std::uint64_t packets = 0, bytes = 0;
    bool sent = true;
    for (std::size_t parts = 1; parts <= std::min<std::size_t>(properties.most_parts, 8); ++parts) {
        for (const std::size_t size : {std::size_t{60}, std::size_t{61}, std::size_t{600}, std::min(longest, std::size_t{1514})}) {
            if (size / parts < ethernet_header_size) continue;
            sent &= sends(device, queue, frames.make(size, parts), frames);
            ++packets;
            bytes += size;
        }
    }
    check(sent, "packets of all sizes, in all numbers of parts, are sent and end");
    const Statistics after = device.statistics();
    check(after.sent.packets - before.sent.packets == packets, "they are counted");
    check(after.sent.bytes - before.sent.bytes == bytes, "and their bytes");

    std::array<Packet, 16> burst;
    for (Packet& packet : burst) packet = frames.make(60, 1);
    std::size_t taken = 0;
    check(eventually([&] {
              std::array<Packet, 8> received;
              device.receive(queue, received);
              taken += device.send(queue, std::span(burst).subspan(taken));
              return taken == burst.size();
          }),
          "a burst is taken, at once or in parts");
    check(std::ranges::none_of(burst, [](const Packet& packet) { return static_cast<bool>(packet); }), "all of it");
    check(eventually([&] {
              device.reclaim(queue);
              return frames.all_back();
          }),
          "and ends");
}

void check_refusals(debug::Check& check, Device& device, unsigned queue, Frames& frames) noexcept {
    const Properties& properties = device.properties();
    const std::uint64_t before = device.statistics().sent.errors;
    std::uint64_t errors = 0;
    check(sends(device, queue, frames.make(0, 1), frames), "a packet without bytes ends");
    ++errors;
    check(sends(device, queue, frames.make(ethernet_header_size - 1, 1), frames), "one without a whole header, too");
    ++errors;
    const std::size_t too_long = ethernet_header_size + properties.mtu + 1;
    if (const std::size_t parts = too_long / Pool::frame_size + 1; parts <= std::min<std::size_t>(properties.most_parts, 40)) {
        check(sends(device, queue, frames.make(too_long, parts), frames), "one that is longer than the MTU, too");
        ++errors;
    }
    if (properties.most_parts < Frames::count) {
        check(sends(device, queue, frames.make(1000, std::size_t{properties.most_parts} + 1), frames),
              "one in too many parts, too");
        ++errors;
    }
    check(device.statistics().sent.errors - before == errors, "they are counted as errors");
}

void check_receiving(debug::Check& check, Device& device, unsigned queue) noexcept {
    check(device.receive(queue, {}) == 0, "nothing is received into nothing");
    // Whatever is on this wire: what comes is a frame.
    bool frames = true;
    std::array<Packet, 8> received;
    const time::Instant until = time::Monotonic::now() + 5ms;
    do {
        const std::size_t count = device.receive(queue, received);
        for (std::size_t i = 0; i != count; ++i) {
            frames &= received[i] && received[i].bytes().size() >= ethernet_header_size;
            received[i].clear();
        }
    } while (time::Monotonic::now() < until);
    check(frames, "what is received is frames");
}

}  // namespace

void conformance(debug::Check& check) noexcept {
    for (Device* device = first_device(); device != nullptr; device = device->next) {
        check_description(check, *device);
        Frames frames(*device);
        Deaf listener;
        if (!check(frames.open().has_value(), "there is memory for frames")) return;
        device->close();  // which does nothing
        for (int round = 0; round < 2; ++round) {
            if (!check(device->open(listener).has_value(), "it opens")) return;
            check(device->open(listener).error() == Error::busy, "once");
            check(device->statistics().sent.packets == 0, "nothing was sent yet");
            for (unsigned queue = 0; queue != device->properties().queues; ++queue) {
                check_sending(check, *device, queue, frames);
                check_refusals(check, *device, queue, frames);
                check_receiving(check, *device, queue);
            }
            std::array<Packet, 4> last;
            for (Packet& packet : last) packet = frames.make(60, 1);
            device->send(0, last);
            for (Packet& packet : last) packet.clear();
            device->close();
            check(frames.all_back(), "at its close, all packets end");
        }
    }
    // A machine may have none of what the image has drivers for.
    check(true, "the devices were gone through");
}

}  // namespace unicore::net
