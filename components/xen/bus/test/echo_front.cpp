// SPDX-License-Identifier: BSD-3-Clause
#include "echo.hpp"

#include <unicore/platform/interrupts.hpp>

#include <utility>

namespace unicore::test {

using namespace xen;

Result<void> EchoFront::prepare(bus::Device& device) noexcept {
    auto page = UNICORE_TRY(grants::SharedPage::create(device.other_domain()));
    {
        const platform::MaskGuard masked;
        ring_ = ring::FrontRing<EchoRequest, EchoResponse>(page.bytes());
        asked_ = answered_ = 0;
    }
    auto channel = UNICORE_TRY(events::EventChannel::allocate(
        device.other_domain(), {[](void* self) noexcept { static_cast<EchoFront*>(self)->interrupt(); }, this}));
    UNICORE_TRY(device.write("ring-ref", page.reference()));
    UNICORE_TRY(device.write("event-channel", channel.port()));
    page_ = std::move(page);
    channel_ = std::move(channel);
    return {};
}

Result<void> EchoFront::attach(bus::Device& device) noexcept {
    if (UNICORE_TRY(device.read_other("version")) != 1) return unexpected(Error::unsupported);
    return {};
}

void EchoFront::detach(bus::Device&) noexcept {
    channel_ = events::EventChannel();
    const platform::MaskGuard masked;
    ring_ = {};
    page_ = grants::SharedPage();
    answers_.wake_all();
}

void EchoFront::interrupt() noexcept {
    EchoResponse response;
    do {
        while (ring_.take(response) == true)
            if (response.id == asked_) answered_ = response.id, answer_ = response.square;
    } while (ring_.more() == true);
    answers_.wake_all();
}

Result<std::uint64_t> EchoFront::square(std::uint32_t number, time::Instant deadline) noexcept {
    UNICORE_TRY(device_.wait_attached(deadline));
    bool notify = false;
    const auto asked = [&]() -> Result<void> {
        const platform::MaskGuard masked;
        UNICORE_TRY(ring_.put({asked_ + 1, number}));
        ++asked_;
        notify = ring_.publish();
        return {};
    }();
    if (notify) channel_.notify();
    if (asked) {
        UNICORE_TRY(
            answers_.wait([&] { return answered_ == asked_ || ring_.broken() || !device_.attached(); }, deadline));
        if (device_.attached() && answered_ == asked_) return answer_;
    }
    // A ring that is full of requests without an answer, or broken: begin anew when the back-end does.
    if (device_.attached()) device_.fail(Error::device_error);
    return unexpected(Error::device_error);
}

}  // namespace unicore::test
