// SPDX-License-Identifier: BSD-3-Clause
#include "queue.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/store.hpp>

#include <utility>

namespace unicore::net::xen {

Result<void> Queue::connect(domid_t peer, const store::Path& where, bool split) noexcept {
    const auto write = [&](std::string_view name, std::uint32_t value) noexcept {
        return store::write_number(store::Path{where, name}, value);
    };
    UNICORE_TRY(transmitter.connect(peer));
    UNICORE_TRY(receiver.connect(peer));
    for (unsigned i = 0; i != (split ? 2U : 1U); ++i)
        channels[i] = UNICORE_TRY(events::EventChannel::allocate(peer, {arrived, this}));
    UNICORE_TRY(write("tx-ring-ref", transmitter.reference()));
    UNICORE_TRY(write("rx-ring-ref", receiver.reference()));
    if (!split) return write("event-channel", channels[0].port());
    UNICORE_TRY(write("event-channel-tx", channels[0].port()));
    return write("event-channel-rx", channels[1].port());
}

void Queue::disconnect() noexcept {
    for (events::EventChannel& channel : channels) channel = events::EventChannel();
    transmitter.disconnect();
    receiver.disconnect();
    no_room = false;
}

void Queue::arrived(void* object) noexcept {
    Queue& queue = *static_cast<Queue*>(object);
    ++queue.statistics.interrupts;
    queue.wake();
}

void Queue::wake() noexcept {
    const platform::MaskGuard masked;
    if (std::exchange(waiting, false) && listener != nullptr) listener->ready(number);
}

}  // namespace unicore::net::xen
