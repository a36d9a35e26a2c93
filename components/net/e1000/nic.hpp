// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "controller.hpp"
#include "receiver.hpp"
#include "sender.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/chrono.hpp>
#include <unicore/base/log.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/e1000/config.hpp>
#include <unicore/time/clock.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace unicore::net::e1000 {

inline constexpr log::Logger<"net.e1000"> logger;

/// How many of them there can be: the number is one character of the name.
inline constexpr unsigned most_devices = 8;

/// A network card, as a device.
template <typename Registers>
class Nic final : public Device {
public:
    /// `segments`: it makes them of TCP over IPv4.
    Nic(Registers registers, Model model, unsigned number, bool segments) noexcept
        : controller_{registers, model}, segments_(segments) {
        UNICORE_ASSERT(number < most_devices);
        name_[sizeof name_ - 1] = static_cast<char>('0' + number);
    }
    ~Nic() { close(); }

    /// Learns what the device is like, and leaves it alone again. Once, before anything else.
    /// Errors: of Controller::reset and Controller::address.
    Result<void> prepare() noexcept {
        UNICORE_TRY(controller_.reset());
        properties_ = {.address = UNICORE_TRY(controller_.address()),
                       .most_parts = Sender::most_parts,
                       .completes_checksums = true,
                       .verifies_checksums = true,
                       .segments_tcp4 = segments_,
                       .looked_at = !signals_.any()};
        return {};
    }
    /// It interrupts; if nobody says so, it does not.
    void set_signals(const Signals& signals) noexcept {
        signals_ = signals;
        properties_.looked_at = !signals.any();
    }

    std::string_view name() const noexcept override { return {name_, sizeof name_}; }
    const Properties& properties() const noexcept override { return properties_; }
    Link link() const noexcept override { return usable() ? link_of(status_.load(std::memory_order_relaxed)) : Link{}; }
    Statistics statistics() const noexcept override {
        if (usable()) controller_.count(statistics_.received);
        return statistics_;
    }

    Result<void> open(Listener& listener) noexcept override {
        if (this->listener() != nullptr) return unexpected(Error::busy);
        if (lost_) return unexpected(Error::device_error);
        const auto outcome = begin();
        if (!outcome) {
            end();
            return outcome;
        }
        statistics_ = {};
        look_at_ = time::never;
        set_listener(&listener);
        fill();
        status_.store(controller_.link_status(), std::memory_order_relaxed);
        controller_.unmask(signals_.of_changes());  // since the reset, too
        return {};
    }

    void close() noexcept override {
        if (listener() == nullptr) return;
        set_listener(nullptr);
        waiting_.store(false, std::memory_order_relaxed);
        if (!lost_) end();
    }

    std::size_t send(unsigned, std::span<Packet> burst) noexcept override {
        if (!usable()) return 0;
        const std::uint16_t before = sender_.tail();
        const std::size_t taken = sender_.send(burst, properties_, statistics_.sent);
        if (sender_.tail() != before) controller_.tell(Register::tdt, sender_.tail());
        fill();
        return taken;
    }

    std::size_t receive(unsigned, std::span<Packet> into) noexcept override {
        if (!usable()) return 0;
        const auto count = receiver_.receive(into, statistics_.received);
        if (!count) {
            lose();
            return 0;
        }
        fill();
        return *count;
    }

    void reclaim(unsigned) noexcept override {
        if (!usable()) return;
        sender_.reclaim();
        fill();
    }

    bool await(unsigned, Event event) noexcept override {
        if (!usable()) return true;
        const bool room = event == Event::received_or_room && sender_.full();
        const auto ready = [&] { return receiver_.ready() || (room && sender_.ready()); };
        if (ready()) return false;
        if (!signals_.any()) {
            note_link();
            look_at_ = time::Monotonic::now() + polling;
            return !ready();
        }
        const std::uint32_t causes = signals_.of_received() | (room ? signals_.of_sent() : 0);
        controller_.acknowledge(causes);  // what was polled
        waiting_.store(true, std::memory_order_relaxed);
        controller_.unmask(causes);
        // A register is read: the device knows then, and what it had written before it knew is in memory.
        if (signals_.of_changes() == 0) note_link();
        else controller_.link_status();
        arch::Barriers::full();
        if (!ready()) return true;
        quiet();
        return false;
    }

    /// Without an interrupt: until then at most, nobody looks.
    time::Instant look_at() const noexcept override { return usable() && !signals_.any() ? look_at_ : time::never; }

    /// The device has interrupted, for its queues; for others it may have. Context: the handler.
    void on_queues() noexcept {
        const bool waiting = waiting_.load(std::memory_order_relaxed);
        quiet();
        if (!waiting || !usable()) return;  // late: QEMU keeps some back for a while
        ++statistics_.interrupts;
        listener()->ready(0);
    }
    void on_change() noexcept {
        controller_.acknowledge(~(signals_.of_received() | signals_.of_sent()));
        if (usable()) note_link();
    }
    /// By its line: it says what for.
    void on_line() noexcept {
        const std::uint32_t reasons = controller_.take_causes();
        controller_.acknowledge(reasons);  // reading does not always [82574 datasheet, 10.2.4.1]
        if ((reasons & signals_.of_changes()) != 0 && usable()) note_link();
        if ((reasons & (signals_.of_received() | signals_.of_sent())) != 0) on_queues();
    }

private:
    /// How long nobody looks at a device that does not interrupt.
    static constexpr time::Duration polling = std::chrono::milliseconds(1);
    /// Its memory is a multiple of 128 bytes. [82574 datasheet, 7.1.8]
    static constexpr std::uint16_t ring_size = config::ring / 8 * 8;

    /// Handlers look at it while threads change it.
    Listener* listener() const noexcept { return listener_.load(std::memory_order_relaxed); }
    void set_listener(Listener* listener) noexcept {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        listener_.store(listener, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    bool usable() const noexcept { return listener() != nullptr && !lost_; }

    /// Up to the point where the device may begin.
    Result<void> begin() noexcept {
        UNICORE_TRY(controller_.reset());
        if (UNICORE_TRY(controller_.address()) != properties_.address)
            return unexpected(Error::device_error);  // it is another one now
        UNICORE_TRY(receiver_.open(ring_size, config::buffers));
        UNICORE_TRY(sender_.open(ring_size));
        controller_.start(receiver_.ring(), sender_.ring(), signals_);
        return {};
    }

    /// Everything is ours again; or, when the device does not let go of it, nothing any more.
    void end() noexcept {
        if (!controller_.reset()) {
            lost_ = true;
            logger.error([&](auto& line) { line << name() << " keeps memory after a reset: it is lost"; });
            return;
        }
        sender_.close();
        receiver_.close();
    }

    void lose() noexcept {
        logger.error([&](auto& line) { line << name() << " is not used any more: it said what cannot be"; });
        Listener* const told = listener();
        set_listener(nullptr);
        end();
        lost_ = true;
        set_listener(told);
        told->link_changed();
    }

    void fill() noexcept {
        if (receiver_.fill()) controller_.tell(Register::rdt, receiver_.tail());
    }

    void quiet() noexcept {
        waiting_.store(false, std::memory_order_relaxed);
        controller_.mask(signals_.of_received() | signals_.of_sent());
    }

    void note_link() noexcept {
        const std::uint32_t now = controller_.link_status();
        if (status_.exchange(now, std::memory_order_relaxed) != now) listener()->link_changed();
    }

    Controller<Registers> controller_;
    Signals signals_;
    Properties properties_;
    Receiver receiver_;
    Sender sender_;
    mutable Statistics statistics_{};
    std::atomic<Listener*> listener_ = nullptr;  ///< while it is open
    std::atomic<bool> waiting_ = false;          ///< somebody, for an interrupt
    std::atomic<std::uint32_t> status_ = 0;
    time::Instant look_at_ = time::never;
    const bool segments_;
    bool lost_ = false;
    char name_[7] = {'e', '1', '0', '0', '0', '-', '0'};
};

}  // namespace unicore::net::e1000
