// SPDX-License-Identifier: BSD-3-Clause
#include "port.hpp"

#include "setting.hpp"

#include <unicore/base/text.hpp>
#include <unicore/net/tap/config.hpp>

#include <utility>

namespace unicore::net::tap {

namespace linux = platform::linux;

static_assert(most_devices <= 10);  // the number is one character of the name
static_assert(config::buffers >= 2 * Window::parts);  // so that a frame of the largest size can be received

Port::Port(unsigned number, linux::Descriptor descriptor, const Properties& properties) noexcept
    : descriptor_(std::move(descriptor)),
      watch_{{.descriptor = descriptor_.number(), .arrived = arrived}, this},
      properties_(properties),
      name_{'t', 'a', 'p', static_cast<char>('0' + number)} {
    properties_.most_parts = most_parts;
}

Result<void> Port::open(Listener& listener) noexcept {
    if (listener_ != nullptr) return unexpected(Error::busy);
    if (lost_) return unexpected(Error::device_error);
    if (pool_.statistics().count == 0) {
        UNICORE_TRY(pool_.open(config::buffers, Window::buffer_size));
        UNICORE_TRY(window_.open(pool_));
    }
    statistics_ = {};
    no_room_ = false;
    listener_ = &listener;
    return {};
}

void Port::close() noexcept {
    linux::unwatch(watch_);
    listener_ = nullptr;
}

bool Port::await(unsigned, Event event) noexcept {
    if (!usable()) return true;
    const bool room = unfinished_ || (no_room_ && event == Event::received_or_room);
    const auto until = room ? linux::Until::readable_or_room : linux::Until::readable;
    if (linux::ready(descriptor_.number(), until)) return false;
    linux::watch(watch_, until);
    return true;
}

void Port::arrived(linux::Watch& watch) noexcept {
    Port& port = *static_cast<Watch&>(watch).port;
    ++port.statistics_.interrupts;
    port.listener_->ready(0);
}

void Port::lose(std::string_view why, long error) noexcept {
    if (std::exchange(lost_, true)) return;
    text::Report line("net.tap: ");
    line << name() << " is down: " << why;
    if (linux::failed(error)) line << " (error " << -error << ')';
    line.print();
    listener_->link_changed();
}

Packet Port::received(std::size_t size, const Result<Offload>& offload) noexcept {
    if (size < ethernet_header_size || size > longest_frame || !offload) {
        ++statistics_.received.errors;
        return {};
    }
    Packet packet = window_.take(size);
    if (!packet) {
        ++statistics_.received.dropped;
        return {};
    }
    packet.offload() = *offload;
    ++statistics_.received.packets;
    statistics_.received.bytes += size;
    return packet;
}

void Port::sent(Packet& packet, std::size_t size) noexcept {
    ++statistics_.sent.packets;
    statistics_.sent.bytes += size;
    no_room_ = false;
    packet.clear();
}

void Port::not_sent(Packet& packet) noexcept {
    ++statistics_.sent.errors;
    packet.clear();
}

std::size_t describe(const Packet& packet, linux::IoVector* into) noexcept {
    std::size_t count = 0;
    for (const Buffer* part = &packet.first(); part != nullptr; part = part->next)
        into[count++] = {part->data, part->size};
    return count;
}

}  // namespace unicore::net::tap
