// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "features.hpp"
#include "names.hpp"
#include "queue.hpp"

#include <unicore/base/result.hpp>
#include <unicore/net/address.hpp>
#include <unicore/net/device.hpp>
#include <unicore/sched/work.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/bus/device.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::net::xen {

inline constexpr unsigned most_devices = 8;
inline constexpr unsigned most_queues = 8;

/// A vif: this end of a network interface whose other end is in another domain.
///
/// The back-end comes and goes, in works of the bus, which may run while a user's thread was interrupted: what both use
/// they use with preemption held.
class Interface final : public Device, bus::Driver {
public:
    /// `path` as device/vif/0. `mtu`: from 68 to 65521. `queues`: as many as there can be, which outlive it.
    Interface(unsigned number, const store::Path& path, const MacAddress& address, std::uint16_t mtu,
              std::span<Queue> queues) noexcept;

    /// Begins to look for the back-end. Context: thread. Errors: those of the store.
    Result<void> start() noexcept { return bus_.start(); }
    /// Errors: timed_out, stopped. Context: thread.
    Result<void> wait_connected(time::Instant deadline) noexcept { return bus_.wait_attached(deadline); }
    /// Leaves the back-end in order, which takes half a second at most. Context: thread.
    void stop() noexcept { bus_.close(); }
    const bus::Device& bus() const noexcept { return bus_; }
    /// Tries to take away what back-ends hold on to, though they must not; returns how many buffers are left. Context:
    /// thread.
    std::size_t take_held() noexcept;

    std::string_view name() const noexcept override { return {name_, sizeof name_}; }
    const Properties& properties() const noexcept override { return properties_; }
    Link link() const noexcept override { return {.up = connected_ && !broken_, .megabits = 0}; }
    Statistics statistics() const noexcept override;
    Result<void> open(Listener& listener) noexcept override;
    void close() noexcept override;
    std::size_t send(unsigned queue, std::span<Packet> burst) noexcept override;
    std::size_t receive(unsigned queue, std::span<Packet> into) noexcept override;
    void reclaim(unsigned queue) noexcept override;
    bool await(unsigned queue, Event event) noexcept override;

private:
    Result<void> prepare(bus::Device& device) noexcept override;
    Result<void> attach(bus::Device& device) noexcept override;
    void detach(bus::Device& device) noexcept override;

    /// Gives a back-end up that was caught, outside of the functions that must not wait.
    struct Failure final : sched::Work {
        explicit Failure(Interface& owner) noexcept : interface(owner) {}
        void run() noexcept override;
        using Work::wake;
        Interface& interface;
    };

    std::span<Queue> active() noexcept { return queues_.first(properties_.queues); }
    bool usable() const noexcept { return listener_ != nullptr && connected_ && !broken_; }
    Result<void> agree(const Features& features) noexcept;
    void adopt(const Features& features) noexcept;
    Result<void> connect(bus::Device& device, const Features& features) noexcept;
    void disconnect() noexcept;
    bool reclaim(Queue& queue) noexcept;
    void refill(Queue& queue) noexcept;
    /// Receives and forgets what came while the device was closed.
    void drain(Queue& queue) noexcept;
    bool arm(Queue& queue, Event event) noexcept;
    void distrust(const Lie& lie) noexcept;
    void tell() noexcept;

    const std::uint16_t mtu_;
    char name_[4];
    Properties properties_;
    Features features_;  ///< that the properties tell of
    const std::span<Queue> queues_;
    Listener* listener_ = nullptr;  ///< while it is open
    bool connected_ = false;
    bool broken_ = false;  ///< the back-end lied
    Failure failure_{*this};
    bus::Device bus_;  ///< last: it closes first
};

}  // namespace unicore::net::xen
