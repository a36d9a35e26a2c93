// SPDX-License-Identifier: BSD-3-Clause
#include "netback.hpp"

#include <unicore/base/units.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/store.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <span>
#include <stdexcept>

namespace unicore::test {

namespace {

/// The domain's own page, through which it copies.
struct Bounce {
    memory::pages::Pages pages = memory::pages::Pages::create(PageCount{1}).value();
    char* data() const { return reinterpret_cast<char*>(pages.bytes().data()); }
};

bool copy(gnttab_copy& operation) {
    const auto done = xen::grants::copy(std::span(&operation, 1));
    return done.has_value() && operation.status == GNTST_okay;
}

std::uint64_t number(const Netback::Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? 0 : std::stoull(found->second);
}

}  // namespace

void copy_from(domid_t peer, grant_ref_t reference, std::size_t offset, char* to, std::size_t size) {
    Bounce bounce;
    gnttab_copy operation{};
    operation.source.u.ref = reference;
    operation.source.domid = peer;
    operation.source.offset = static_cast<std::uint16_t>(offset);
    operation.dest.u.gmfn = xen::guest::frame_of(bounce.data());
    operation.dest.domid = DOMID_SELF;
    operation.len = static_cast<std::uint16_t>(size);
    operation.flags = GNTCOPY_source_gref;
    if (!copy(operation)) throw std::runtime_error("what is sent cannot be read");
    std::memcpy(to, bounce.data(), size);
}

bool copy_to(domid_t peer, grant_ref_t reference, std::size_t offset, const char* from, std::size_t size) {
    Bounce bounce;
    std::memcpy(bounce.data(), from, size);
    gnttab_copy operation{};
    operation.source.u.gmfn = xen::guest::frame_of(bounce.data());
    operation.source.domid = DOMID_SELF;
    operation.dest.u.ref = reference;
    operation.dest.domid = peer;
    operation.dest.offset = static_cast<std::uint16_t>(offset);
    operation.len = static_cast<std::uint16_t>(size);
    operation.flags = GNTCOPY_dest_gref;
    return copy(operation);
}

Netback::Values Netback::usual() {
    return {{"feature-rx-copy", "1"},           {"feature-sg", "1"},
            {"feature-gso-tcpv4", "1"},         {"feature-gso-tcpv6", "1"},
            {"feature-ipv6-csum-offload", "1"}, {"feature-split-event-channels", "1"},
            {"multi-queue-max-queues", "4"}};
}

Netback::Netback(unsigned front_id, const Values& values)
    : values_(values), device_({.side = bus::Side::back}, xen::store::Path{"backend/vif", front_id, 0U}, *this) {}

Result<void> Netback::prepare(bus::Device& device) noexcept {
    for (const auto& [name, value] : values_) UNICORE_TRY(device.write(name, std::string_view(value)));
    return {};
}

Result<void> Netback::attach(bus::Device& device) noexcept {
    front.clear();
    const auto read = [&](const std::string& name) {
        char buffer[32];
        if (const auto value = device.read_other(name, buffer)) front[name] = *value;
    };
    for (const char* const name : {"request-rx-copy", "feature-rx-notify", "feature-sg", "feature-gso-tcpv4",
                                   "feature-gso-tcpv6", "feature-ipv6-csum-offload", "multi-queue-num-queues"})
        read(name);
    const std::uint64_t count = std::max<std::uint64_t>(number(front, "multi-queue-num-queues"), 1);
    queues_ = std::vector<Queue>(count);
    taken_.assign(count, {});
    for (std::size_t i = 0; i != count; ++i) {
        const std::string folder = count == 1 ? "" : "queue-" + std::to_string(i) + "/";
        for (const char* const name :
             {"tx-ring-ref", "rx-ring-ref", "event-channel", "event-channel-tx", "event-channel-rx"})
            read(folder + name);
        UNICORE_TRY(map(queues_[i], folder));
    }
    return {};
}

Result<void> Netback::map(Queue& queue, const std::string& folder) {
    using xen::grants::Access;
    using xen::grants::Mapping;
    const domid_t peer = device_.other_domain();
    const auto reference = [&](const char* name) { return static_cast<grant_ref_t>(number(front, folder + name)); };
    queue.transmit_page = UNICORE_TRY(Mapping::map(peer, reference("tx-ring-ref"), Access::read_write));
    queue.receive_page = UNICORE_TRY(Mapping::map(peer, reference("rx-ring-ref"), Access::read_write));
    queue.transmit = decltype(queue.transmit)(queue.transmit_page.bytes());
    queue.receive = decltype(queue.receive)(queue.receive_page.bytes());
    const xen::events::Handler handler{[](void* object) noexcept {
                                           Netback& self = *static_cast<Netback*>(object);
                                           self.event_ = true;
                                           ++self.events_;
                                           self.waiters_.wake_all();
                                       },
                                       this};
    const bool split = front.contains(folder + "event-channel-tx");
    for (unsigned i = 0; i != (split ? 2U : 1U); ++i) {
        const char* const name = !split ? "event-channel" : i == 0 ? "event-channel-tx" : "event-channel-rx";
        queue.channels[i] = UNICORE_TRY(xen::events::EventChannel::connect(peer, reference(name), handler));
    }
    return {};
}

void Netback::detach(bus::Device&) noexcept { queues_.clear(); }

std::vector<RingPacket> Netback::take(std::size_t index, std::int16_t status) {
    Queue& queue = queues_[index];
    const domid_t peer = device_.other_domain();
    std::vector<RingPacket> packets;
    net::xen::TransmitRequest next;
    while (queue.transmit.take(next).value()) {
        const netif_tx_request first = next.request;
        RingPacket packet{.bytes = std::string(first.size, '\0'),
                          .validated = (first.flags & NETTXF_data_validated) != 0,
                          .blank = (first.flags & NETTXF_csum_blank) != 0};
        std::vector<netif_tx_request> parts{first};
        std::size_t rest = 0;
        if ((first.flags & NETTXF_extra_info) != 0) {
            REQUIRE(queue.transmit.take(next).value());
            packet.extra = next.extra;
        }
        for (bool more = (first.flags & NETTXF_more_data) != 0; more;) {
            REQUIRE(queue.transmit.take(next).value());
            parts.push_back(next.request);
            rest += next.request.size;
            more = (next.request.flags & NETTXF_more_data) != 0;
        }
        REQUIRE(rest < first.size);
        packet.slots = parts.size();
        REQUIRE(packet.slots <= XEN_NETIF_NR_SLOTS_MIN);
        parts[0].size = static_cast<std::uint16_t>(first.size - rest);
        std::size_t place = 0;
        for (const netif_tx_request& part : parts) {
            REQUIRE(part.offset + part.size <= page_size);
            copy_from(peer, part.gref, part.offset, packet.bytes.data() + place, part.size);
            place += part.size;
            REQUIRE(queue.transmit.put({.id = part.id, .status = status}).has_value());
            if (&part == &parts[0] && packet.extra)
                REQUIRE(queue.transmit.put({.id = 0xdead, .status = NETIF_RSP_NULL}).has_value());
        }
        packets.push_back(std::move(packet));
    }
    if (queue.transmit.publish()) queue.channels[0].notify();
    REQUIRE(queue.transmit.more().has_value());
    return packets;
}

std::uint32_t Netback::requests(std::size_t index) {
    netif_rx_request request;
    while (queues_[index].receive.take(request).value()) taken_[index].push_back(request);
    return static_cast<std::uint32_t>(taken_[index].size());
}

bool Netback::answer(const std::vector<Answer>& answers, std::size_t index, bool quiet) {
    Queue& queue = queues_[index];
    if (requests(index) < answers.size()) {
        static_cast<void>(queue.receive.more());
        if (requests(index) < answers.size()) return false;
    }
    for (const Answer& one : answers) {
        const netif_rx_request request = taken_[index].front();
        taken_[index].pop_front();
        net::xen::ReceiveResponse response{};
        if (one.extra) {
            response.extra = *one.extra;
        } else {
            if (!one.bytes.empty() && one.offset + one.bytes.size() <= page_size)
                REQUIRE(copy_to(device_.other_domain(), request.gref, one.offset, one.bytes.data(), one.bytes.size()));
            response.response = {.id = one.id.value_or(request.id),
                                 .offset = one.offset,
                                 .flags = one.flags,
                                 .status = one.status.value_or(static_cast<std::int16_t>(one.bytes.size()))};
        }
        REQUIRE(queue.receive.put(response).has_value());
    }
    if (queue.receive.publish() && !quiet) queue.receive_channel().notify();
    return true;
}

bool Netback::give(const RingPacket& packet, std::size_t index, std::size_t page) {
    std::vector<Answer> answers;
    for (std::size_t place = 0; place < packet.bytes.size(); place += page) {
        answers.push_back({.flags = NETRXF_more_data, .bytes = packet.bytes.substr(place, page)});
        if (answers.size() > 1 || !packet.extra) continue;
        answers.push_back({.extra = packet.extra});
    }
    answers.back().flags = 0;
    answers[0].flags = static_cast<std::uint16_t>((packet.bytes.size() > page ? NETRXF_more_data : 0) |
                                                  (packet.validated ? NETRXF_data_validated : 0) |
                                                  (packet.blank ? NETRXF_csum_blank : 0) |
                                                  (packet.extra ? NETRXF_extra_info : 0));
    return answer(answers, index);
}

void Netback::echo() {
    for (std::size_t i = 0; i != queues_.size(); ++i) {
        for (RingPacket& packet : take(i)) queues_[i].waiting.push_back(std::move(packet));
        std::deque<RingPacket>& waiting = queues_[i].waiting;
        while (!waiting.empty() && give(waiting.front(), i)) waiting.pop_front();
    }
}

}  // namespace unicore::test
