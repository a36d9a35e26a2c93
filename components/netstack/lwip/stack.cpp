// SPDX-License-Identifier: BSD-3-Clause
#include "stack.hpp"

#include "configuration.hpp"

#include <unicore/base/late.hpp>
#include <unicore/base/log.hpp>
#include <unicore/memory/heap.hpp>

#include <lwip/init.h>
#include <lwip/netif.h>

#include <algorithm>
#include <mutex>
#include <new>

namespace unicore::netstack::lwip {
namespace {

constexpr log::Logger<"netstack"> log;

constinit Late<Stack> here;

}  // namespace

Stack& stack() noexcept { return *here; }

Result<void> Stack::open() noexcept {
    lwip_init();
    loop_ = netif_list;  // the only one that there is yet: 127.0.0.1, ::1
    watch_addresses();
    for (net::Device* device = net::first_device(); device != nullptr; device = device->next) {
        if (count_ == most) {
            log.warning([&](auto& line) { line << device->name() << " is not used: there are " << most << " before it"; });
            continue;
        }
        void* const place = UNICORE_TRY(memory::heap::allocate(sizeof(Interface), alignof(Interface)));
        auto* const interface = ::new (place) Interface(*device, *this);
        if (const auto opened = interface->open(); !opened) {
            log.warning([&](auto& line) { line << device->name() << " is not used: " << to_string(opened.error()); });
            interface->~Interface();
            memory::heap::release(place);
            continue;
        }
        interfaces_[count_++] = interface;
        looks_ |= device->properties().looked_at;
    }
    if (count_ != 0) netif_set_default(&interfaces_[0]->netif());
    mutex_.lock();
    for (Interface* const interface : interfaces()) configure(*interface);
    unlock();
    wake();
    return {};
}

/// The boot step.
Result<void> start() noexcept { return here.construct().open(); }

void Stack::run() noexcept {
    mutex_.lock();
    bool more = false;
    for (Interface* const interface : interfaces()) more |= interface->receive();
    if (!more)
        for (Interface* const interface : interfaces()) more |= !interface->await();
    finish(timers_wanted());
    if (more) wake();
}

/// Gives the lock back.
void Stack::finish(bool timers_wanted) noexcept {
    if (has_own()) receive_own();
    time::Instant next = wakes_at();
    // Nobody need know the time as long as the next timer is yet to come.
    if (next == time::never || timers_wanted) {
        next = run_timers(time::Monotonic::now());
        if (has_own()) receive_own();
    }
    bool sent = true;
    for (Interface* const interface : interfaces()) sent &= interface->flush();
    if (looks_)
        for (const Interface* const interface : interfaces()) next = std::min(next, interface->look_at());
    if (next != wakes_at()) wake_at(next);
    mutex_.unlock();
    if (!sent) wake();  // to wait for room
}

/// Something was sent to ourselves; receive_own takes it.
bool Stack::has_own() const noexcept {
    bool has = loop_ != nullptr && loop_->loop_first != nullptr;
    for (const Interface* const interface : interfaces()) has |= interface->has_own();
    return has;
}

void Stack::receive_own() noexcept {
    for (Interface* const interface : interfaces()) interface->receive_own();
    if (loop_ != nullptr && loop_->loop_first != nullptr) netif_poll(loop_);
}

}  // namespace unicore::netstack::lwip
