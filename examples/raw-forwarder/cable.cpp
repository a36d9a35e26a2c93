// SPDX-License-Identifier: BSD-3-Clause
#include "cable.hpp"

#include "filter.hpp"

#include <unicore/console.hpp>

#include <span>
#include <string_view>
#include <utility>

using namespace unicore;
using net::Offload;
using net::Packet;
using net::Properties;

bool Cable::suits(const Offload& offload) const noexcept {
    const Properties& can = to_.properties();
    if (offload.checksum == Offload::Checksum::partial && !can.completes_checksums) return false;
    switch (offload.segments) {
    case Offload::Segments::none: return true;
    case Offload::Segments::tcp4: return can.segments_tcp4;
    case Offload::Segments::tcp6: return can.segments_tcp6;
    }
    return false;
}

/// There is none that waits.
void Cable::receive() noexcept {
    begin_ = end_ = 0;
    const std::size_t count = from_.receive(0, burst_);
    for (Packet& packet : std::span(burst_).first(count)) {
        Offload& offload = packet.offload();
        // That somebody has looked at it is of no use to who gets it next.
        if (offload.checksum == Offload::Checksum::verified) offload.checksum = Offload::Checksum::none;
        const bool suitable = suits(offload);
        const bool wanted = suitable && pass(packet, from_);
        unsuitable_ += !suitable;
        filtered_ += suitable && !wanted;
        if (!wanted) packet.clear();
        else if (&packet == &burst_[end_]) ++end_;
        else burst_[end_++] = std::move(packet);
    }
}

bool Cable::turn() noexcept {
    bool moved = false;
    if (!waits()) {
        const auto dropped = filtered_ + unsuitable_;
        receive();
        moved = waits() || dropped != filtered_ + unsuitable_;
    }
    if (!waits()) return moved;
    if (!to_.link().up) {
        drop();
        return true;
    }
    const std::size_t taken = to_.send(0, std::span(burst_).subspan(begin_, end_ - begin_));
    begin_ += taken;
    return taken != 0;
}

void Cable::drop() noexcept {
    undelivered_ += end_ - begin_;
    while (begin_ != end_) burst_[begin_++].clear();
}

void Cable::warn() const noexcept {
    const Properties& from = from_.properties();
    const Properties& to = to_.properties();
    const auto write = [&](auto... what) {
        text::Line line;
        line << "raw-forwarder: ";
        (line << ... << what) << " (README.md, Offloads)\n";
        console::write(line.view());
    };
    if (from.verifies_checksums && !to.completes_checksums)
        write(from_.name(), " may get packets without checksums, which ", to_.name(), " drops");
    if (from.merges_tcp && !(to.segments_tcp4 && to.segments_tcp6))
        write(from_.name(), " may get TCP segments in one, which ", to_.name(), " drops");
    if (from.mtu > to.mtu)
        write(from_.name(), " has the larger MTU, ", from.mtu, ": what is above ", to.mtu, " is dropped by ", to_.name());
}

void Cable::count(text::Line& line) const noexcept {
    const net::Statistics in = from_.statistics();
    const net::Statistics out = to_.statistics();
    line << from_.name() << " to " << to_.name();
    for (const auto& [name, number] : {
             std::pair{" received=", in.received.packets},
             std::pair{" sent=", out.sent.packets},
             std::pair{" filtered=", filtered_},
             std::pair{" unsuitable=", unsuitable_ + out.sent.errors},
             std::pair{" undelivered=", undelivered_ + out.sent.dropped},
             std::pair{" missed=", in.received.dropped},
             std::pair{" damaged=", in.received.errors},
             std::pair{" interrupts=", in.interrupts},
         })
        line << name << number;
    line << '\n';
}
