// SPDX-License-Identifier: BSD-3-Clause
#include "sender.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/base/assert.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace unicore::net::e1000 {
namespace {

/// The device pads what it sends, but from so many bytes on. [82574 datasheet, 10.2.6.1, PSP]
constexpr std::size_t shortest = 17;

/// How many descriptors the bytes of a packet behind the first `skip` take.
std::size_t pieces_of(const Packet& packet, std::size_t skip) noexcept {
    std::size_t count = 0;
    for (const Buffer* part = &packet.first(); part != nullptr; part = part->next) {
        const std::size_t skipped = std::min<std::size_t>(skip, part->size);
        skip -= skipped;
        count += (part->size - skipped + Sender::most_bytes - 1) / Sender::most_bytes;
    }
    return count;
}

}  // namespace

Result<void> Sender::open(std::uint16_t size) noexcept {
    UNICORE_ASSERT(size >= smallest_ring && size % 2 == 0);
    if (slots_ == nullptr) {
        // Packets with headers of their own take three descriptors or more: so one for two is enough.
        if (!ring_.is_open()) UNICORE_TRY(ring_.open(size, size / 2U * most_headers + shortest));
        memory_ = UNICORE_TRY(memory::pages::Pages::create(pages_for(size * sizeof(Slot))));
        slots_ = reinterpret_cast<Slot*>(memory_.bytes().data());
        std::uninitialized_value_construct_n(slots_, size);
        std::memset(padding(), 0, shortest);
    }
    UNICORE_ASSERT(size == ring_.size());
    oldest_ = used_ = 0;
    context_ = {};
    full_ = false;
    return {};
}

void Sender::reclaim() noexcept {
    while (ready()) {
        arch::Barriers::read();
        const auto [packet, count] = std::exchange(slots_[oldest_], {nullptr, 0});
        oldest_ = ring_.next(oldest_, count);
        used_ = static_cast<std::uint16_t>(used_ - count);
        Packet(*packet).clear();
    }
}

std::uint16_t Sender::put(const Packet& packet, std::size_t size, const Plan& plan) noexcept {
    const std::uint16_t first = tail();
    std::uint16_t at = first, count = 0;
    if (plan.context.command != 0 && plan.context != context_) {
        context_ = plan.context;
        ring_.write(at, context_.ip | std::uint64_t{context_.transport} << 32, context_.command, context_.segments);
        at = ring_.next(at);
        ++count;
    }
    // Each is written when the next one is known, since the last is another one, and none is read back.
    std::span<const std::byte> held;
    const auto write_held = [&](std::uint32_t flags) {
        const auto bytes = static_cast<std::uint32_t>(held.size());
        ring_.write(at, reinterpret_cast<std::uintptr_t>(held.data()),
                    to_send::data | to_send::dext | to_send::ifcs | plan.command | flags | bytes, plan.options);
        at = ring_.next(at);
        ++count;
    };
    const auto add = [&](std::span<const std::byte> bytes) {
        if (!held.empty()) write_held(0);
        held = bytes;
    };
    if (plan.headers != 0) {
        const std::span headers(headers_at(first), plan.headers);
        write_headers(packet, headers);
        add(headers);
    }
    std::size_t skip = plan.headers;
    for (const Buffer* part = &packet.first(); part != nullptr; part = part->next) {
        std::span<const std::byte> rest = part->bytes().subspan(std::min<std::size_t>(skip, part->size));
        skip -= part->size - rest.size();
        for (; !rest.empty(); rest = rest.subspan(std::min(most_bytes, rest.size())))
            add(rest.first(std::min(most_bytes, rest.size())));
    }
    if (size < shortest) add({padding(), shortest - size});
    write_held(to_send::eop | to_send::rs);
    return count;
}

std::size_t Sender::send(std::span<Packet> burst, const Properties& properties,
                         Statistics::Direction& statistics) noexcept {
    reclaim();
    std::size_t taken = 0;
    for (Packet& packet : burst) {
        std::size_t size = 0, parts = 0;
        for (const Buffer* part = packet ? &packet.first() : nullptr; part != nullptr; part = part->next) {
            size += part->size;
            parts += part->size != 0;
        }
        const bool sane = size >= ethernet_header_size && parts <= most_parts;
        const auto plan = sane ? plan_for(packet, size, properties) : unexpected(Error::invalid_argument);
        if (!plan) {
            ++statistics.errors;
            packet.clear();
            ++taken;
            continue;
        }
        if (pieces_of(packet, plan->headers) + 3 > free()) {  // context, headers or padding
            full_ = true;
            return taken;
        }
        const std::uint16_t first = tail(), count = put(packet, size, *plan);
        used_ = static_cast<std::uint16_t>(used_ + count);
        slots_[first] = {packet.release(), count};
        ++statistics.packets;
        statistics.bytes += size;
        ++taken;
    }
    full_ = false;
    return taken;
}

void Sender::close() noexcept {
    while (used_ != 0) {
        const auto [packet, count] = std::exchange(slots_[oldest_], {nullptr, 0});
        oldest_ = ring_.next(oldest_, count);
        used_ = static_cast<std::uint16_t>(used_ - count);
        Packet(*packet).clear();
    }
}

}  // namespace unicore::net::e1000
