// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "names.hpp"
#include "receiver.hpp"
#include "transmitter.hpp"

#include <unicore/net/device.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/store/path.hpp>

#include <xen/xen.h>

namespace unicore::net::xen {

/// Both ways, and the events that wake who waits for them.
struct Queue {
    /// Makes rings and channels for `peer`, and writes below `where` which they are. `split`: a channel for each
    /// direction. Errors: those of grants, events and the store.
    Result<void> connect(domid_t peer, const store::Path& where, bool split) noexcept;
    /// Gives all of it back; nothing if there is nothing.
    void disconnect() noexcept;

    events::EventChannel& transmit_channel() noexcept { return channels[0]; }
    events::EventChannel& receive_channel() noexcept { return channels[channels[1].port() != 0 ? 1 : 0]; }

    /// Who is called when events come, once for each time that `waiting` is set.
    Listener* listener = nullptr;  ///< while the device is open
    unsigned number = 0;
    bool waiting = false;  ///< used masked
    bool no_room = false;  ///< the last packet was not taken

    Transmitter transmitter;
    Receiver receiver;
    events::EventChannel channels[2];
    Statistics statistics{};

    /// Calls the listener if it waits. Context: any.
    void wake() noexcept;

private:
    static void arrived(void* queue) noexcept;
};

}  // namespace unicore::net::xen
