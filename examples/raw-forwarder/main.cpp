// SPDX-License-Identifier: BSD-3-Clause
/// A patch cable between two network devices, without a network stack: the frame of a middlebox (filter.cpp).
#include "cable.hpp"

#include <unicore/base/text.hpp>
#include <unicore/console.hpp>
#include <unicore/net/device.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace {

using namespace unicore;
using namespace std::chrono_literals;
using net::Device;

struct Woken final : net::Listener {
    void ready(unsigned) noexcept override {
        woken.store(true, std::memory_order_relaxed);
        queue.wake_all();
    }
    void link_changed() noexcept override { ready(0); }

    sched::WaitQueue queue;
    std::atomic<bool> woken = false;
};

/// Opens both, or says what there is.
bool open(Device* (&devices)[2], Woken& listener) noexcept {
    unsigned count = 0;
    text::Line names;
    for (Device* device = net::first_device(); device != nullptr; device = device->next) {
        if (count < 2) devices[count] = device;
        ++count;
        names << ' ' << device->name();
    }
    text::Line line;
    line << "raw-forwarder: ";
    if (count != 2) {
        line << "two network devices are needed, there ";
        if (count == 0) line << "is none";
        else line << (count == 1 ? "is one:" : "are more:") << names.view();
        console::write((line << " (README.md says how to give two)\n").view());
        return false;
    }
    for (Device* const device : devices) {
        if (const auto opened = device->open(listener); !opened) {
            line << device->name() << " cannot be opened: " << to_string(opened.error()) << '\n';
            console::write(line.view());
            return false;
        }
    }
    return true;
}

/// Seconds between counts: the first argument, 0 for none.
Result<std::uint64_t> interval(int count, char** arguments) noexcept {
    constexpr std::uint64_t most = 86400;
    const auto seconds = count > 1 ? text::parse_decimal(arguments[1]) : Result<std::uint64_t>(0);
    if (count > 2 || !seconds || *seconds > most) return unexpected(Error::invalid_argument);
    return *seconds;
}

/// Both directions, until the image is asked to stop.
class Forwarder {
public:
    Forwarder(Device& one, Device& two, Woken& listener, time::Duration interval) noexcept
        : devices_{&one, &two}, cables_{Cable(one, two), Cable(two, one)}, listener_(listener), interval_(interval) {}

    void run() noexcept {
        for (const Cable& cable : cables_) cable.warn();
        console::write_line("raw-forwarder: ready");
        next_count_ = interval_ == 0s ? time::never : time::Monotonic::now() + interval_;
        for (unsigned turns = 0;; ++turns) {
            constexpr unsigned busy_turns = 64;  // between two looks at the clock and at requests to stop
            bool moved = false;
            for (Cable& cable : cables_) moved |= cable.turn();
            recent_ |= moved;
            if (moved ? turns % busy_turns == 0 && !look() : !rest()) break;
        }
        for (Cable& cable : cables_) cable.drop();
        count();
    }

private:
    /// While there is something to do. False at a request to stop.
    bool look() noexcept {
        const time::Instant now = time::Monotonic::now();
        const auto waited = listener_.queue.wait([] { return false; }, now);
        return (waited || waited.error() != Error::stopped) && count_at(now);
    }

    /// Sleeps until there is something to do. False at a request to stop.
    bool rest() noexcept {
        // Packets on the wire keep memory of the device that received them, which may need it to receive at all: soon
        // after the last one somebody looks again.
        constexpr auto soon = 10ms;
        listener_.woken.store(false, std::memory_order_relaxed);
        bool idle = true;
        time::Instant until = next_count_;
        for (std::size_t i = 0; i != 2; ++i) {
            Device& device = *devices_[i];
            device.reclaim(0);
            const bool wants_room = cables_[1 - i].waits();
            idle &= device.await(0, wants_room ? Device::Event::received_or_room : Device::Event::received);
            until = std::min(until, device.look_at());
        }
        if (!idle) return true;
        if (recent_) until = std::min(until, time::Monotonic::now() + soon);
        recent_ = false;
        const auto woken = [this] { return listener_.woken.load(std::memory_order_relaxed); };
        const auto waited = listener_.queue.wait(woken, until);
        if (!waited && waited.error() == Error::stopped) return false;
        return next_count_ == time::never || count_at(time::Monotonic::now());
    }

    /// Counts when it is time. Always true.
    bool count_at(time::Instant now) noexcept {
        if (now >= next_count_) {
            count();
            next_count_ = now + interval_;
        }
        return true;
    }
    void count() const noexcept {
        for (const Cable& cable : cables_) {
            text::Line line;
            cable.count(line);
            console::write(line.view());
        }
    }

    Device* devices_[2];
    Cable cables_[2];
    Woken& listener_;
    time::Duration interval_;
    time::Instant next_count_ = time::never;
    bool recent_ = false;  ///< something was moved since somebody slept
};

}  // namespace

int main(int count, char** arguments) {
    const auto seconds = interval(count, arguments);
    if (!seconds) {
        console::write_line("raw-forwarder: the argument is how many seconds are between two counts: 1 to 86400, 0 for never");
        return 2;
    }
    Woken listener;
    Device* devices[2];
    if (!open(devices, listener)) return 1;
    Forwarder(*devices[0], *devices[1], listener, std::chrono::seconds(*seconds)).run();
    for (Device* const device : devices) device->close();
    return 0;
}
