// SPDX-License-Identifier: BSD-3-Clause
// A device interrupts when it has answered: virtio-rng, which answers at once.
#include <unicore/bus/virtio.hpp>
#include <unicore/bus/virtio/interrupts.hpp>
#include <unicore/debug/suites.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/clock.hpp>

#include <array>
#include <cstdint>
#include <optional>

namespace {

using namespace std::chrono_literals;
using namespace unicore;
using bus::virtio::Buffer;
using bus::virtio::Device;
using bus::virtio::Interrupt;
using bus::virtio::Queue;

constinit volatile unsigned arrived = 0;

/// A line wants the device to be satisfied; a message does not mind.
void on_interrupt(void* context) noexcept {
    static_cast<const Device*>(context)->take_interrupts();
    arrived = arrived + 1;
}

/// Sleeps until one has come, since there were `before`; false when none has after some seconds.
bool comes(unsigned before) noexcept {
    const platform::MaskGuard masked;
    const time::Instant deadline = time::Monotonic::now() + 10s;
    while (arrived == before) {
        if (time::Monotonic::now() >= deadline) return false;
        time::clock::idle_until(deadline);
    }
    return true;
}

struct Driver {
    Device device;
    std::array<bus::virtio::Slot, 4> slots{};
    Queue queue;
    Device::Bell bell{};
    memory::pages::Pages buffer;

    Result<void> open(std::optional<std::uint16_t> message) noexcept {
        queue = UNICORE_TRY(Queue::create(slots));
        buffer = UNICORE_TRY(memory::pages::Pages::create(PageCount{1}));
        bell = UNICORE_TRY(device.use(0, queue, message));
        go(device);
        return {};
    }
    bool ask() noexcept {
        queue.await_used();
        if (!queue.add(std::array{Buffer::to_write(buffer.bytes().first(16))})) return false;
        if (queue.wants_notification()) bell.ring();
        return true;
    }
    bool answered() noexcept {
        const time::Instant deadline = time::Monotonic::now() + 10s;
        while (time::Monotonic::now() < deadline)
            if (const auto used = queue.take_used(); !used || *used) return used.has_value();
        return false;
    }
};

void sleep(time::Duration duration) noexcept {
    const platform::MaskGuard masked;
    const time::Instant deadline = time::Monotonic::now() + duration;
    while (time::Monotonic::now() < deadline) time::clock::idle_until(deadline);
}

void answers(debug::Check& check) noexcept {
    const auto found = bus::virtio::find(bus::virtio::DeviceId::entropy);
    if (!check(found.has_value(), "a device")) return;
    Driver driver{.device = *found, .queue = {}, .buffer = {}};
    if (!check(negotiate(driver.device, 0).has_value(), "is agreed with")) return;
    {
        auto interrupt = Interrupt::create(driver.device, on_interrupt, &driver.device);
        if (!check(interrupt.has_value(), "its interrupt")) return;
        check(Interrupt::create(driver.device, on_interrupt, &driver.device).error() == Error::busy, "has one owner");
        if (!check(driver.open(interrupt->message()).has_value(), "the device knows")) return;
        for (int round = 0; round < 3; ++round) {
            const unsigned before = arrived;
            check(driver.ask() && comes(before), "an answer interrupts");
            check(driver.answered(), "and is there");
        }
        const unsigned before = arrived;
        sleep(5ms);
        check(arrived == before, "once");
    }
    const unsigned before = arrived;
    check(driver.ask() && driver.answered(), "without an owner it answers all the same");
    sleep(5ms);
    check(arrived == before, "and is silent");
    check(driver.device.reset().has_value(), "gives back what it had");
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"interrupts of virtio devices", answers}};
    return debug::run_suites(suites);
}
