// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "features.hpp"
#include "receiver.hpp"
#include "sender.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/log.hpp>
#include <unicore/bus/virtio/device.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/virtio/config.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace unicore::net::virtio {

inline constexpr log::Logger<"net.virtio"> logger;

/// How many of them there can be: the number is one character of the name.
inline constexpr unsigned most_devices = 8;

/// A virtio network device. [VIRTIO 1.2, 5.1]
template <typename Transport>
class Nic final : public Device {
public:
    /// What the device is to send; nothing where it has a line.
    struct Messages {
        std::optional<std::uint16_t> of_queues, of_changes;
    };

    Nic(Transport device, unsigned number) noexcept : device_(device) {
        UNICORE_ASSERT(number < most_devices);
        name_[sizeof name_ - 1] = static_cast<char>('0' + number);
    }
    ~Nic() { close(); }

    /// Learns what the device is like, and leaves it alone again. Once, before anything else.
    /// Errors: of negotiate and properties_of; unsupported when it has queues too small for a packet.
    Result<void> prepare() noexcept {
        const auto outcome = learn();
        const auto reset = device_.reset();
        return outcome ? reset : outcome;
    }
    void set_messages(Messages messages) noexcept { messages_ = messages; }

    std::string_view name() const noexcept override { return {name_, sizeof name_}; }
    const Properties& properties() const noexcept override { return properties_; }
    Statistics statistics() const noexcept override { return statistics_; }
    /// It is asked only when it has said that something changed: asking costs as much as many packets.
    Link link() const noexcept override {
        if (usable() && std::exchange(link_changed_, false)) link_ = link_of(device_, accepted_);
        return lost_ ? Link{.up = false, .megabits = 0} : link_;
    }

    Result<void> open(Listener& listener) noexcept override {
        if (this->listener() != nullptr) return unexpected(Error::busy);
        if (lost_) return unexpected(Error::device_error);
        statistics_ = {};
        const auto outcome = begin();
        if (!outcome) {
            end();
            return outcome;
        }
        link_changed_ = true;
        set_listener(&listener);
        bus::virtio::go(device_);
        fill();
        return {};
    }

    void close() noexcept override {
        if (listener() == nullptr) return;
        set_listener(nullptr);
        if (!lost_) end();
    }

    std::size_t send(unsigned, std::span<Packet> burst) noexcept override {
        if (!usable()) return 0;
        const auto taken = sender_.send(burst, properties_, statistics_.sent);
        if (!taken) {
            lose();
            return 0;
        }
        if (sender_.queue().wants_notification()) of_sender_.ring();
        fill();
        return *taken;
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
        if (!sender_.reclaim()) return lose();
        fill();
    }

    bool await(unsigned, Event event) noexcept override {
        if (!usable()) return true;
        bool nothing = receiver_.queue().await_used();
        if (event == Event::received_or_room && sender_.full()) nothing &= sender_.queue().await_used();
        if (!nothing) quiet();
        return nothing;
    }

    /// The device has interrupted, for its queues; for others it may have. Context: the handler.
    void on_queues() noexcept {
        if (!usable()) return;
        ++statistics_.interrupts;
        quiet();
        listener()->ready(0);
    }
    void on_change() noexcept {
        link_changed_ = true;
        if (usable()) listener()->link_changed();
    }
    /// By its line: it says what for.
    void on_line() noexcept {
        constexpr std::uint32_t queues = 1, configuration = 2;
        const std::uint32_t reasons = device_.take_interrupts();
        if ((reasons & configuration) != 0) on_change();
        if ((reasons & queues) != 0) on_queues();
    }

private:
    static constexpr std::uint16_t receive_queue = 0, send_queue = 1;  // receiveq1, transmitq1 [5.1.2]

    /// Handlers look at it while threads change it.
    Listener* listener() const noexcept { return listener_.load(std::memory_order_relaxed); }
    void set_listener(Listener* listener) noexcept {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        listener_.store(listener, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    bool usable() const noexcept { return listener() != nullptr && !lost_; }

    Result<void> learn() noexcept {
        accepted_ = UNICORE_TRY(bus::virtio::negotiate(device_, choose));
        properties_ = UNICORE_TRY(properties_of(device_, accepted_, Receiver::longest(header_size_of(accepted_))));
        receive_size_ = UNICORE_TRY(size_of(receive_queue));
        send_size_ = UNICORE_TRY(size_of(send_queue));
        properties_.most_parts = static_cast<std::uint16_t>(std::min<std::size_t>(most_parts, send_size_ - 1U));
        return {};
    }

    /// Descriptors of a queue: a power of two.
    Result<std::uint16_t> size_of(std::uint16_t queue) const noexcept {
        const std::uint32_t most = std::min<std::uint32_t>(device_.queue_limit(queue), config::ring);
        if (most < 2) return unexpected(Error::unsupported);
        return static_cast<std::uint16_t>(std::bit_floor(most));
    }

    /// Up to the point where the device may begin.
    Result<void> begin() noexcept {
        const std::uint64_t accepted = UNICORE_TRY(bus::virtio::negotiate(device_, choose));
        if (accepted != accepted_) return unexpected(Error::device_error);  // it is another one now
        const bus::virtio::Rings rings = rings_of(accepted);
        const std::size_t header_size = header_size_of(accepted);
        UNICORE_TRY(receiver_.open(receive_size_, config::buffers,
                                   {.header_size = header_size,
                                    .mergeable = has(accepted, features::mrg_rxbuf),
                                    .offloads = has(accepted, features::guest_csum),
                                    .rings = rings}));
        UNICORE_TRY(sender_.open(send_size_, header_size, rings));
        of_receiver_ = UNICORE_TRY(device_.use(receive_queue, receiver_.queue(), messages_.of_queues));
        of_sender_ = UNICORE_TRY(device_.use(send_queue, sender_.queue(), messages_.of_queues));
        if (messages_.of_changes) UNICORE_TRY(device_.send_on_change(*messages_.of_changes));
        return {};
    }

    /// Everything is ours again; or, when the device does not let go of it, nothing any more.
    void end() noexcept {
        if (!device_.reset()) {
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
        if (receiver_.filled()) return;
        if (!receiver_.fill()) lose();
        else if (receiver_.queue().wants_notification()) of_receiver_.ring();
    }

    void quiet() noexcept {
        receiver_.queue().no_interrupts();
        sender_.queue().no_interrupts();
    }

    Transport device_;
    Messages messages_;
    std::uint64_t accepted_ = 0;
    Properties properties_;
    std::uint16_t receive_size_ = 0, send_size_ = 0;
    Receiver receiver_;
    Sender sender_;
    typename Transport::Bell of_receiver_{}, of_sender_{};
    Statistics statistics_{};
    std::atomic<Listener*> listener_ = nullptr;  ///< while it is open
    mutable Link link_{.up = false, .megabits = 0};
    mutable bool link_changed_ = false;
    bool lost_ = false;
    char name_[7] = {'v', 'i', 'r', 't', 'i', 'o', '0'};
};

}  // namespace unicore::net::virtio
