// SPDX-License-Identifier: BSD-3-Clause
#include "echo.hpp"

#include <unicore/platform/interrupts.hpp>

#include <algorithm>
#include <utility>

namespace unicore::test {

using namespace xen;

Result<void> EchoBack::prepare(bus::Device& device) noexcept { return device.write("version", std::uint64_t{1}); }

Result<void> EchoBack::attach(bus::Device& device) noexcept {
    const std::uint64_t reference = UNICORE_TRY(device.read_other("ring-ref"));
    const std::uint64_t port = UNICORE_TRY(device.read_other("event-channel"));
    if (reference > UINT32_MAX || port > UINT32_MAX) return unexpected(Error::invalid_argument);
    auto page = UNICORE_TRY(grants::Mapping::map(device.other_domain(), static_cast<grant_ref_t>(reference),
                                                 grants::Access::read_write));
    ring_ = ring::BackRing<EchoRequest, EchoResponse>(page.bytes());
    page_ = std::move(page);
    channel_ = UNICORE_TRY(events::EventChannel::connect(
        device.other_domain(), static_cast<evtchn_port_t>(port),
        {[](void* self) noexcept {
             static_cast<EchoBack*>(self)->ready_ = true;
             static_cast<EchoBack*>(self)->queue_.wake_all();
         },
         this}));
    return {};
}

void EchoBack::detach(bus::Device&) noexcept {
    channel_ = events::EventChannel();
    ready_ = false;
    ring_ = {};
    page_ = grants::Mapping();
}

void EchoBack::serve() noexcept {
    ready_ = false;
    if (!device_.attached()) return;
    const auto outcome = [&]() -> Result<bool> {
        EchoRequest request;
        for (std::uint32_t left = ring_.size(); left != 0 && UNICORE_TRY(ring_.take(request)); --left)
            UNICORE_TRY(ring_.put({request.id, std::uint64_t{request.number} * request.number}));
        if (ring_.publish()) channel_.notify();
        return ring_.more();
    }();
    if (!outcome) device_.fail(outcome.error());
    else if (*outcome) ready_ = true;
}

bool EchoService::known(bus::Address address) noexcept {
    return std::ranges::find(backs_, address, &EchoBack::address) != backs_.end();
}

void EchoService::add(bus::Address address, const store::Path& path) noexcept {
    backs_.emplace_back(address, path, queue_);
    if (!backs_.back().start()) backs_.pop_back();
}

Result<void> EchoService::serve(time::Instant deadline) noexcept {
    const auto gone = [](const EchoBack& back) { return back.device().gone(); };
    UNICORE_TRY(queue_.wait(
        [&] { return std::ranges::any_of(backs_, &EchoBack::ready) || std::ranges::any_of(backs_, gone); }, deadline));
    for (EchoBack& back : backs_)
        if (back.ready()) back.serve();
    const sched::Work::Pause pause;  // devices come in a work
    backs_.remove_if(gone);
    return {};
}

}  // namespace unicore::test
