// SPDX-License-Identifier: BSD-3-Clause
// What users of the device call.
#include "interface.hpp"

#include <unicore/base/log.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/platform/interrupts.hpp>

#include <algorithm>
#include <utility>

namespace unicore::net::xen {
namespace {

constexpr log::Logger<"net.xen"> log;

static_assert(most_devices <= 10);  // the number is one character of the name
static_assert(most_queues <= 10);   // and here of the node's

}  // namespace

Interface::Interface(unsigned number, const store::Path& path, const MacAddress& address, std::uint16_t mtu,
                     std::span<Queue> queues) noexcept
    : mtu_(mtu),
      name_{'x', 'e', 'n', static_cast<char>('0' + number)},
      queues_(queues.first(std::min<std::size_t>(queues.size(), most_queues))),
      bus_({.side = bus::Side::front, .prepared = bus::State::connected}, path, *this) {
    properties_.address = address;
    for (unsigned i = 0; i != queues_.size(); ++i) queues_[i].number = i;
    adopt({});
}

Statistics Interface::statistics() const noexcept {
    Statistics sum{};
    const auto add = [](Statistics::Direction& to, const Statistics::Direction& more) noexcept {
        to.packets += more.packets;
        to.bytes += more.bytes;
        to.dropped += more.dropped;
        to.errors += more.errors;
    };
    for (const Queue& queue : queues_) {
        add(sum.received, queue.statistics.received);
        add(sum.sent, queue.statistics.sent);
        sum.interrupts += queue.statistics.interrupts;
    }
    return sum;
}

std::size_t Interface::take_held() noexcept {
    const PreemptionGuard guard;
    std::size_t left = 0;
    for (Queue& queue : queues_) left += queue.receiver.take_held();
    return left;
}

Result<void> Interface::open(Listener& listener) noexcept {
    const PreemptionGuard guard;
    if (listener_ != nullptr) return unexpected(Error::busy);
    for (Queue& queue : active())
        if (!queue.receiver.opened()) UNICORE_TRY(queue.receiver.open());
    listener_ = &listener;  // from here on the properties stay
    for (Queue& queue : active()) {
        drain(queue);
        queue.statistics = {};
        queue.no_room = false;
        queue.listener = &listener;
        refill(queue);
    }
    return {};
}

void Interface::close() noexcept {
    const platform::MaskGuard masked;
    listener_ = nullptr;
    for (Queue& queue : queues_) {
        queue.listener = nullptr;
        queue.waiting = false;
    }
}

std::size_t Interface::send(unsigned number, std::span<Packet> burst) noexcept {
    using Outcome = Transmitter::Outcome;
    Queue& queue = queues_[number];
    std::size_t taken = 0;
    {
        const PreemptionGuard guard;
        if (!usable() || !reclaim(queue)) return 0;
        Statistics::Direction& counts = queue.statistics.sent;
        for (; taken != burst.size(); ++taken) {
            const Outcome outcome = queue.transmitter.put(burst[taken], properties_);
            queue.no_room = outcome == Outcome::no_room;
            if (queue.no_room) break;
            if (outcome == Outcome::refused) {
                ++counts.errors;
            } else {
                ++counts.packets;
                counts.bytes += burst[taken].size();
            }
        }
        if (queue.transmitter.publish()) queue.transmit_channel().notify();
    }
    // They were copied; whoever owns their buffers may wait for a lock.
    for (Packet& packet : burst.first(taken)) packet.clear();
    return taken;
}

std::size_t Interface::receive(unsigned number, std::span<Packet> into) noexcept {
    const PreemptionGuard guard;
    Queue& queue = queues_[number];
    std::size_t count = 0;
    while (usable() && count != into.size()) {
        Packet packet;
        const auto any = queue.receiver.next(packet, queue.statistics.received);
        if (!any) distrust(queue.receiver.lie());
        if (!any || !*any) break;
        into[count++] = std::move(packet);
    }
    if (usable()) refill(queue);
    return count;
}

void Interface::reclaim(unsigned number) noexcept {
    const PreemptionGuard guard;
    if (usable()) reclaim(queues_[number]);
}

/// Returns whether the back-end may still be believed.
bool Interface::reclaim(Queue& queue) noexcept {
    const auto failed = queue.transmitter.reclaim();
    if (failed) queue.statistics.sent.dropped += *failed;
    else distrust(queue.transmitter.lie());
    return failed.has_value();
}

void Interface::refill(Queue& queue) noexcept {
    if (connected_ && !broken_ && queue.receiver.refill()) queue.receive_channel().notify();
}

void Interface::drain(Queue& queue) noexcept {
    Packet packet;
    Statistics::Direction forgotten{};
    for (Result<bool> any = true; connected_ && !broken_ && any && *any;) {
        any = queue.receiver.next(packet, forgotten);
        if (!any) distrust(queue.receiver.lie());
        packet.clear();
    }
}

bool Interface::await(unsigned number, Event event) noexcept {
    const PreemptionGuard guard;
    Queue& queue = queues_[number];
    if (usable()) refill(queue);
    const platform::MaskGuard masked;  // or what comes between would be told twice
    if (usable() && arm(queue, event)) return false;
    queue.waiting = listener_ != nullptr;
    return true;
}

/// Asks for events; returns whether there is already what is waited for.
bool Interface::arm(Queue& queue, Event event) noexcept {
    const auto packet = queue.receiver.more();
    if (!packet) distrust(queue.receiver.lie());
    if (!packet || *packet) return packet.has_value();
    if (event != Event::received_or_room || !queue.no_room) return false;
    const auto answers = queue.transmitter.more();
    if (!answers) distrust(queue.transmitter.lie());
    if (!answers || !*answers) return false;
    queue.no_room = false;  // there is some, though maybe not enough: `send` will say
    return true;
}

/// The back-end is not asked anything any more, nor believed.
void Interface::distrust(const Lie& lie) noexcept {
    if (std::exchange(broken_, true)) return;
    log.error([&](auto& line) { line << name() << " is down, its back-end is broken: " << lie.what(); });
    tell();
    failure_.wake();
}

}  // namespace unicore::net::xen
