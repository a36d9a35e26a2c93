// SPDX-License-Identifier: BSD-3-Clause
// What the bus calls, as the back-end comes and goes.
#include "interface.hpp"

#include <unicore/base/log.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/xen/store.hpp>

#include <algorithm>
#include <utility>

namespace unicore::net::xen {
namespace {

constexpr log::Logger<"net.xen"> log;

/// What a frame may have where it must be in one page.
constexpr std::uint16_t usual_mtu = 1500;

}  // namespace

/// Properties for a back-end that can do this.
void Interface::adopt(const Features& features) noexcept {
    features_ = features;
    features_.queues = static_cast<std::uint16_t>(std::min<std::size_t>(features.queues, queues_.size()));
    properties_.mtu = features.scatter_gather ? mtu_ : std::min(mtu_, usual_mtu);
    properties_.queues = features_.queues;
    properties_.most_parts = Transmitter::most_parts;
    properties_.completes_checksums = features.checksums;
    properties_.verifies_checksums = true;
    properties_.segments_tcp4 = features.segments_tcp4;
    properties_.segments_tcp6 = features.segments_tcp6;
    properties_.merges_tcp = true;
}

/// The first back-end decides what the device is like; as long as that is open the next one must be able to do as much.
Result<void> Interface::agree(const Features& features) noexcept {
    if (listener_ == nullptr) {
        adopt(features);
    } else if (!features.cover(features_)) {
        log.error([&](auto& line) { line << name() << " stays down: its new back-end can do less than the last one"; });
        return unexpected(Error::unsupported);
    }
    return {};
}

Result<void> Interface::connect(bus::Device& device, const Features& features) noexcept {
    UNICORE_TRY(write_features(device, properties_.queues, features.queues));
    const domid_t peer = device.other_domain();
    if (properties_.queues == 1) return queues_[0].connect(peer, device.path(), features.split_channels);
    char folder[] = "queue-0";
    for (Queue& queue : active()) {
        folder[sizeof folder - 2] = static_cast<char>('0' + queue.number);
        UNICORE_TRY(queue.connect(peer, store::Path{device.path(), folder}, features.split_channels));
    }
    return {};
}

Result<void> Interface::prepare(bus::Device& device) noexcept {
    const auto features = read_features(device);
    if (!features) {
        if (features.error() == Error::unsupported)
            log.error([&](auto& line) { line << name() << " stays down: its back-end has no feature-rx-copy"; });
        return unexpected(features.error());
    }
    UNICORE_TRY(agree(*features));
    const auto connected = connect(device, *features);
    if (!connected) disconnect();
    return connected;
}

Result<void> Interface::attach(bus::Device&) noexcept {
    const PreemptionGuard guard;
    broken_ = false;
    connected_ = true;
    if (listener_ != nullptr)
        for (Queue& queue : active()) refill(queue);
    tell();
    return {};
}

void Interface::detach(bus::Device&) noexcept {
    const PreemptionGuard guard;
    const bool told = !std::exchange(connected_, false) || broken_;
    disconnect();
    if (!told) tell();
}

void Interface::disconnect() noexcept {
    for (Queue& queue : queues_) queue.disconnect();
}

/// The link has changed: who waits looks again.
void Interface::tell() noexcept {
    if (listener_ == nullptr) return;
    listener_->link_changed();
    for (Queue& queue : active()) queue.wake();
}

void Interface::Failure::run() noexcept {
    if (interface.broken_) interface.bus_.fail(Error::device_error);
}

}  // namespace unicore::net::xen
