// SPDX-License-Identifier: BSD-3-Clause
/// A network device that tests play, and what its driver is asked.
#pragma once

#include "../nic.hpp"

#include "../../../bus/virtio/test/fake_device.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace unicore::net::virtio::test {

using unicore::test::FakeDevice;
using unicore::test::FakeQueue;
using Nic = virtio::Nic<FakeDevice::Transport>;
namespace feature_bits = bus::virtio::feature_bits;

inline std::string messages;  ///< that were written

inline constexpr std::uint64_t packed = ~std::uint64_t{0};
inline constexpr std::uint64_t everything = packed & ~feature_bits::ring_packed;
inline constexpr std::uint64_t plain = features::mac | feature_bits::version_1;

struct Ears final : Listener {
    void ready(unsigned queue) noexcept override {
        CHECK(queue == 0);
        ++calls;
    }
    void link_changed() noexcept override { ++changes; }
    unsigned calls = 0, changes = 0;
};

/// A header as it is in the device's memory.
struct InMemory {
    Header header;
    std::uint16_t num_buffers;
};

struct World {
    FakeDevice device;
    Ears ears;
    Pool pool;
    std::optional<Nic> nic;
    std::deque<FakeQueue::Request> buffers;  // that the device may fill
    std::vector<std::vector<std::uint8_t>> sent;
    std::vector<InMemory> headers;
    std::vector<std::size_t> pieces;  // of memory, each of what was sent
    bool finishes = true;

    explicit World(std::uint64_t offers = everything, bool legacy = false) {
        unicore::test::pages_left = 1000;
        messages.clear();
        device.legacy = legacy;
        device.offers = offers;
        device.count = 2;
        device.limit = 64;
        device.config = {0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0, 1, 0, 0xdc, 0x05, 0x10, 0x27, 0, 0, 1};
        device.rung = [this](std::uint16_t index) { look(index); };
        nic.emplace(device.transport(), 3);
        REQUIRE(pool.open(256).has_value());
    }
    void open() {
        REQUIRE(nic->prepare().has_value());
        REQUIRE(nic->open(ears).has_value());
        look(0);
    }
    std::size_t header_size() const { return virtio::header_size_of(device.accepted); }

    /// The device looks into its queue.
    void look(std::uint16_t index) {
        FakeQueue& queue = device.queue(index);
        while (auto request = queue.next()) {
            if (index == 0) {
                REQUIRE(request->to_read.empty());
                REQUIRE(request->to_write.size() == 1);
                buffers.push_back(*request);
                continue;
            }
            REQUIRE(request->to_write.empty());
            std::vector<std::uint8_t> bytes;
            for (const auto part : request->to_read) {
                const auto* const from = reinterpret_cast<const std::uint8_t*>(part.data());
                REQUIRE_FALSE(part.empty());
                bytes.insert(bytes.end(), from, from + part.size());
            }
            REQUIRE(bytes.size() > header_size());
            InMemory header{};
            std::memcpy(&header, bytes.data(), header_size());
            headers.push_back(header);
            pieces.push_back(request->to_read.size());
            bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header_size()));
            sent.push_back(bytes);
            if (finishes) queue.finish(request->id, 0);
            else unfinished.push_back(request->id);
            if (virtio::has(device.accepted, feature_bits::event_index))
                queue.avail_event() = static_cast<std::uint16_t>(sent.size());
        }
    }
    std::vector<std::uint32_t> unfinished;

    /// The device has received something; it is in as many buffers as it takes.
    void arrive(const Header& header, const std::vector<std::uint8_t>& bytes, std::optional<std::uint16_t> said = {}) {
        std::vector<std::uint8_t> all(header_size());
        std::memcpy(all.data(), &header, sizeof header);
        all.insert(all.end(), bytes.begin(), bytes.end());
        struct Part {
            std::uint32_t id, size;
        };
        std::vector<Part> parts;
        for (std::size_t done = 0; done != all.size();) {
            REQUIRE_FALSE(buffers.empty());
            const auto room = buffers.front().to_write[0];
            const std::size_t here = std::min(room.size(), all.size() - done);
            if (parts.empty() && header_size() == 12) {
                const auto count = said.value_or(static_cast<std::uint16_t>((all.size() + room.size() - 1) / room.size()));
                std::memcpy(all.data() + 10, &count, 2);
            }
            std::memcpy(room.data(), all.data() + done, here);
            parts.push_back({buffers.front().id, static_cast<std::uint32_t>(here)});
            buffers.pop_front();
            done += here;
        }
        for (const Part& part : parts) device.queue(0).finish(part.id, part.size);
    }

    /// With so many bytes in front of the first part.
    Packet packet(std::size_t size, std::size_t parts = 1, std::size_t room = 0) {
        Packet made;
        for (std::size_t part = 0; part != parts; ++part) {
            Packet one = *pool.take(part == 0 ? room : 0);
            one.first().size = static_cast<std::uint32_t>(size * (part + 1) / parts - size * part / parts);
            std::memset(one.first().data, static_cast<int>(part + 1), one.first().size);
            made.append(std::move(one));
        }
        return made;
    }
    bool send(Packet packet) { return nic->send(0, std::span(&packet, 1)) == 1; }
    Packet receive() {
        Packet packet;
        const std::size_t count = nic->receive(0, std::span(&packet, 1));
        REQUIRE(count == (packet ? 1 : 0));
        return packet;
    }
    std::size_t outside() const { return pool.statistics().count - pool.statistics().free; }
};

inline std::vector<std::uint8_t> frame(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    for (std::size_t i = 0; i != size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
    return bytes;
}

inline std::vector<std::uint8_t> bytes_of(const Packet& packet) {
    std::vector<std::uint8_t> bytes(packet.size());
    packet.copy_to(std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

inline constexpr Offload segments{.checksum = Offload::Checksum::partial, .segments = Offload::Segments::tcp4,
                           .segment_size = 1000, .checksum_start = 34, .checksum_offset = 16};

}  // namespace unicore::net::virtio::test
