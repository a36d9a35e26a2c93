// SPDX-License-Identifier: BSD-3-Clause
#include "kernel.hpp"

#include "../interface.hpp"
#include "../stream.hpp"
#include "../transfer.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <utility>

namespace unicore::test {
namespace {

constexpr long first_number = 1 << 20;  // far above the process's own

std::map<long, Kernel*>& kernels() {
    static std::map<long, Kernel*> map;
    return map;
}

Bytes gather(std::span<const platform::linux::IoVector> vectors) {
    Bytes bytes;
    for (const auto& vector : vectors) {
        const auto* const base = static_cast<const std::byte*>(vector.base);
        bytes.insert(bytes.end(), base, base + vector.size);
    }
    return bytes;
}

/// Puts bytes where the vectors say; returns how many there was room for.
std::size_t scatter(std::span<const std::byte> bytes, std::span<const platform::linux::IoVector> vectors) {
    std::size_t done = 0;
    for (const auto& vector : vectors) {
        const std::size_t size = std::min(vector.size, bytes.size() - done);
        std::ranges::copy(bytes.subspan(done, size), static_cast<std::byte*>(vector.base));
        done += size;
    }
    return done;
}

}  // namespace

Kernel::Kernel() {
    number_ = first_number;
    while (kernels().contains(number_)) ++number_;
    kernels()[number_] = this;
}

Kernel::~Kernel() { kernels().erase(number_); }

Kernel& kernel_of(int descriptor) { return *kernels().at(descriptor); }

void Kernel::fire() {
    platform::linux::Watch& armed = *std::exchange(watch, nullptr);
    armed.armed = false;
    armed.arrived(armed);
}

long Kernel::read(std::span<const platform::linux::IoVector> vectors) {
    if (to_read.empty()) return ended ? 0 : when_empty;
    Bytes& front = to_read.front();
    const std::size_t done = scatter(std::span(front).first(std::min(front.size(), frames ? SIZE_MAX : most)), vectors);
    front.erase(front.begin(), front.begin() + static_cast<std::ptrdiff_t>(done));
    if (frames || front.empty()) to_read.pop_front();  // what there is no room for of a frame is lost
    return static_cast<long>(done);
}

long Kernel::write(std::span<const platform::linux::IoVector> vectors) {
    if (write_error != 0) return write_error;
    Bytes bytes = gather(vectors);
    if (frames) {
        if (room < bytes.size()) return -11;
        frames_written.push_back(bytes);
    } else {
        if (room == 0) return -11;
        bytes.resize(std::min({bytes.size(), room, most}));
        written.insert(written.end(), bytes.begin(), bytes.end());
    }
    if (room != SIZE_MAX) room -= bytes.size();
    return static_cast<long>(bytes.size());
}

bool Kernel::ready(platform::linux::Until until) const {
    return !to_read.empty() || ended || (until == platform::linux::Until::readable_or_room && room != 0);
}

Bytes random_bytes(std::mt19937& random, std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; i += sizeof(std::uint32_t)) {
        const auto four = std::bit_cast<std::array<std::byte, 4>>(static_cast<std::uint32_t>(random()));
        std::copy_n(four.begin(), std::min<std::size_t>(4, size - i), bytes.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return bytes;
}

net::Packet packet_of(net::Pool& pool, std::span<const std::byte> bytes, std::size_t part) {
    net::Packet packet;
    do {
        net::Packet more = *pool.take();
        const std::size_t size = std::min(part, bytes.size());
        std::ranges::copy(bytes.first(size), more.first().data);
        more.first().size = static_cast<std::uint32_t>(size);
        packet.append(std::move(more));
        bytes = bytes.subspan(size);
    } while (!bytes.empty());
    return packet;
}

Bytes bytes_of(const net::Packet& packet) {
    Bytes bytes(packet.size());
    packet.copy_to(bytes);
    return bytes;
}

}  // namespace unicore::test

// What the component would have of the kernel.

namespace unicore {

long net::tap::transfer(platform::linux::Call call, int descriptor,
                        std::span<const platform::linux::IoVector> vectors) noexcept {
    test::Kernel& kernel = test::kernel_of(descriptor);
    return call == platform::linux::Call::readv ? kernel.read(vectors) : kernel.write(vectors);
}

bool platform::linux::ready(int descriptor, Until until) noexcept { return test::kernel_of(descriptor).ready(until); }

void platform::linux::watch(Watch& watch, Until until) noexcept {
    watch.until = until;
    watch.armed = true;
    test::kernel_of(watch.descriptor).watch = &watch;
}

void platform::linux::unwatch(Watch& watch) noexcept {
    watch.armed = false;
    test::kernel_of(watch.descriptor).watch = nullptr;
}

time::Instant time::Monotonic::now() noexcept {
    static Instant now{};
    return now += std::chrono::microseconds(1);  // at each look, so that what waits comes to an end
}

}  // namespace unicore

namespace {

/// For the suite of net.device: one of each kind, whose other end takes everything and says nothing.
struct Devices {
    Devices() {
        interface_end.frames = true;
        add(stream);
        add(interface);
    }
    unicore::test::Kernel stream_end, interface_end;
    unicore::net::tap::Stream stream{0, stream_end.descriptor(), {{2, 0, 0, 0, 0, 0}}};
    unicore::net::tap::Interface interface{1, interface_end.descriptor(), {.address = {{2, 0, 0, 0, 0, 1}}}};
};
Devices devices;

}  // namespace
