// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/loopback.hpp>

#include <unicore/base/late.hpp>
#include <unicore/net/loopback/config.hpp>

#include <utility>

namespace unicore::net::loopback {
namespace {

struct Loop {
    Line line;
    End device{"loopback0", {{2, 0, 0, 0, 0, 0}}, line, line};
};
constinit Late<Loop> loop;

}  // namespace

Result<void> start() noexcept {
    UNICORE_TRY(loop.construct().line.open(config::packets));
    add(loop->device);
    return {};
}

Result<void> End::open(Listener& listener) noexcept {
    if (open_) return unexpected(Error::busy);
    open_ = true;
    statistics_ = {};
    in_.listener = &listener;
    in_.awaited = false;
    return {};
}

void End::close() noexcept {
    if (!std::exchange(open_, false)) return;
    in_.listener = nullptr;
    in_.clear();
}

bool End::sendable(const Packet& packet) const noexcept {
    const std::size_t size = packet.size();
    return size >= ethernet_header_size && size <= ethernet_header_size + properties_.mtu &&
           packet.parts() <= properties_.most_parts && packet.offload().segments == Offload::Segments::none;
}

std::size_t End::send(unsigned, std::span<Packet> burst) noexcept {
    if (!open_) return 0;
    const time::Instant now = time::Monotonic::now();
    for (Packet& packet : burst) {
        if (!sendable(packet)) {
            ++statistics_.sent.errors;
        } else if (out_.listener == nullptr || !out_.put(packet, now)) {
            ++statistics_.sent.dropped;  // as on any wire: there is no telling how much room is at its end
        } else {
            ++statistics_.sent.packets;
            statistics_.sent.bytes += packet.size();
        }
        packet.clear();
    }
    if (out_.listener != nullptr && out_.due() <= now && std::exchange(out_.awaited, false)) out_.listener->ready(0);
    return burst.size();
}

std::size_t End::receive(unsigned, std::span<Packet> into) noexcept {
    if (!open_ || in_.due() == time::never) return 0;
    const time::Instant now = time::Monotonic::now();
    std::size_t count = 0;
    for (; count != into.size(); ++count) {
        Packet packet = in_.take(now);
        if (!packet) break;
        ++statistics_.received.packets;
        statistics_.received.bytes += packet.size();
        into[count] = std::move(packet);
    }
    return count;
}

bool End::await(unsigned, Event) noexcept {
    if (in_.due() <= time::Monotonic::now()) return false;
    in_.awaited = true;
    return true;
}

time::Instant End::look_at() const noexcept { return in_.due(); }

Result<void> Cable::open(std::size_t most, const Faults& faults) noexcept {
    UNICORE_TRY(to_right_.open(most));
    UNICORE_TRY(to_left_.open(most));
    set_faults(faults);
    return {};
}

void Cable::set_faults(const Faults& faults) noexcept {
    to_right_.set_faults(faults);
    Faults other = faults;
    ++other.seed;
    to_left_.set_faults(other);
}

}  // namespace unicore::net::loopback
