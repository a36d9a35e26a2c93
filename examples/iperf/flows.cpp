// SPDX-License-Identifier: BSD-3-Clause
// Tests over UDP.
#include "server.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/netstack/lock.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace iperf {
namespace {

using namespace unicore;
using netstack::udp::Port;
using std::chrono::microseconds;

/// What is sent: anything, behind the header.
constinit std::array<std::byte, Port::most> datagram{};

std::uint64_t in_microseconds(time::Instant when) noexcept {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<microseconds>(when.time_since_epoch()).count());
}

}  // namespace

Flow* Server::flow_of(const netstack::Endpoint& client) noexcept {
    const auto flows = std::span(flows_).first(parameters_.udp ? count_ : 0);
    const auto found = std::ranges::find(flows, client, &Flow::client);
    return found == flows.end() ? nullptr : &*found;
}

void Server::received(Port& port) noexcept {
    const std::uint64_t now = in_microseconds(time::Monotonic::now());
    for (; port.readable(); port.drop()) {
        if (phase_ == Phase::streams || (phase_ == Phase::running && port.size() == hello_size)) greet(port);
        else if (phase_ == Phase::running) arrived(port, now);
    }
}

/// The client says where a stream comes from; again, when the answer was lost.
void Server::greet(Port& port) noexcept {
    const netstack::Endpoint from = port.from();
    if (!parameters_.udp || port.size() != hello_size || from.address != control_->connection().other().address) return;
    const bool known = flow_of(from) != nullptr;
    if (!known && count_ == expected()) return;
    if (!known) {
        flows_[count_] = {.client = from, .port = &port, .sends = sends(count_)};
        ++count_;
    }
    static_cast<void>(port.send(hello_answer, from));
    if (!known && count_ == expected()) start();
}

void Server::arrived(Port& port, std::uint64_t now) noexcept {
    Flow* const flow = flow_of(port.from());
    if (flow == nullptr || flow->sends) return;
    std::array<std::byte, datagram_header_size(true)> bytes;
    const auto header = read_datagram(std::span(bytes).first(port.copy_to(bytes)), parameters_.wide_numbers);
    if (!header) return;
    if (counts() && !flow->counting) {
        flow->counting = true;
        flow->arrivals.forget();
    }
    flow->arrivals.take(*header, port.size(), now);
}

Counted Server::counted(unsigned stream) const noexcept {
    if (!parameters_.udp) return {.bytes = streams_[stream] == nullptr ? 0 : streams_[stream]->counted_};
    const Flow& flow = flows_[stream];
    if (flow.sends) return flow.sent;
    return flow.counting ? flow.arrivals.counted() : Counted{};
}

Result<void> Server::send_datagrams() noexcept {
    for (;;) {
        time::Instant next;
        {
            const netstack::Lock lock;
            next = send_due();
        }
        // A moment at least: somebody must take in what comes, and notice that the image is to stop.
        if (next == time::never) UNICORE_TRY(sending_changes_.wait([this] { return sending_; }));
        else UNICORE_TRY(sched::sleep_until(std::max(next, time::Monotonic::now() + microseconds(20))));
    }
}

/// Returns when there will be more; never, when nobody wants any.
time::Instant Server::send_due() noexcept {
    time::Instant next = time::never;
    if (!sending_) return next;
    const time::Instant now = time::Monotonic::now();
    for (Flow& flow : std::span(flows_).first(count_)) {
        if (!flow.sends) continue;
        send(flow, now);
        next = std::min(next, flow.due);
    }
    return next;
}

/// Sends what is due of a stream, some of it: the lock is not held for long.
void Server::send(Flow& flow, time::Instant now) noexcept {
    constexpr unsigned most_at_once = 64;
    const std::uint64_t bits = 8 * parameters_.length;
    const auto pause = parameters_.bandwidth == 0 ? time::Duration{}
                                                  : time::Duration(static_cast<time::Duration::rep>(
                                                        bits * 1'000'000'000 / parameters_.bandwidth));
    const auto bytes = std::span(datagram).first(parameters_.length);
    for (unsigned left = most_at_once; left != 0 && flow.due <= now; --left) {
        write_datagram(bytes, {.sent = in_microseconds(now), .number = ++flow.number}, parameters_.wide_numbers);
        if (!flow.port->send(bytes, flow.client)) {
            --flow.number;
            flow.due = now + microseconds(200);  // there is no room now
            return;
        }
        if (counts()) {
            ++flow.sent.packets;
            flow.sent.bytes += bytes.size();
        }
        flow.due += pause;
    }
    flow.due = std::max(flow.due, now - std::chrono::milliseconds(100));  // what could not be sent in time is not sent later
}

}  // namespace iperf
