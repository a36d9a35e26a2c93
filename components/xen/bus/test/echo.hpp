// SPDX-License-Identifier: BSD-3-Clause
/// The smallest device there can be: the front-end sends numbers, the back-end returns their squares.
#pragma once

#include <unicore/xen/bus/device.hpp>
#include <unicore/xen/bus/enumeration.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/grants/mapping.hpp>
#include <unicore/xen/ring.hpp>

#include <cstdint>
#include <list>

namespace unicore::test {

namespace bus = xen::bus;
namespace store = xen::store;

struct EchoRequest {
    std::uint32_t id;
    std::uint32_t number;
};
struct EchoResponse {
    std::uint32_t id;
    std::uint64_t square;
};

class EchoFront final : bus::Driver {
public:
    explicit EchoFront(std::uint32_t index) noexcept
        : device_({bus::Side::front}, store::Path{"device/echo", index}, *this) {}

    Result<void> start() noexcept { return device_.start(); }
    void close() noexcept { device_.close(); }
    /// Errors: timed_out, stopped; device_error when the back-end left or broke meanwhile.
    Result<std::uint64_t> square(std::uint32_t number, time::Instant deadline) noexcept;
    bus::Device& device() noexcept { return device_; }

private:
    Result<void> prepare(bus::Device& device) noexcept override;
    Result<void> attach(bus::Device& device) noexcept override;
    void detach(bus::Device& device) noexcept override;
    void interrupt() noexcept;

    xen::grants::SharedPage page_;
    xen::ring::FrontRing<EchoRequest, EchoResponse> ring_;
    xen::events::EventChannel channel_;
    sched::WaitQueue answers_;
    std::uint32_t asked_ = 0;     ///< the id of the last request
    std::uint32_t answered_ = 0;  ///< of the last response
    std::uint64_t answer_ = 0;
    bus::Device device_;  // last: it closes first
};

class EchoBack final : bus::Driver {
public:
    /// `queue` is woken when it is ready, or its device changed.
    EchoBack(bus::Address address, const store::Path& path, sched::WaitQueue& queue) noexcept
        : address_(address), queue_(queue), device_({bus::Side::back}, path, *this) {}

    Result<void> start() noexcept { return device_.start(); }
    /// Answers what there is, as much as the ring holds.
    void serve() noexcept;
    bool ready() const noexcept { return ready_; }
    bus::Address address() const noexcept { return address_; }
    const bus::Device& device() const noexcept { return device_; }

private:
    Result<void> prepare(bus::Device& device) noexcept override;
    Result<void> attach(bus::Device& device) noexcept override;
    void detach(bus::Device& device) noexcept override;

    const bus::Address address_;
    sched::WaitQueue& queue_;
    xen::grants::Mapping page_;
    xen::ring::BackRing<EchoRequest, EchoResponse> ring_;
    xen::events::EventChannel channel_;
    volatile bool ready_ = false;
    bus::Device device_;
};

/// All back-ends of a domain.
class EchoService final : bus::Enumeration::Owner {
public:
    Result<void> start() noexcept { return enumeration_.start(); }
    /// Waits until somebody asks, and serves; forgets who is gone. Errors: timed_out, stopped.
    Result<void> serve(time::Instant deadline) noexcept;
    /// Whether a front-end is connected.
    bool attached() const noexcept {
        for (const EchoBack& back : backs_)
            if (back.device().attached()) return true;
        return false;
    }

private:
    bool known(bus::Address address) noexcept override;
    void add(bus::Address address, const store::Path& path) noexcept override;

    sched::WaitQueue queue_;
    std::list<EchoBack> backs_;
    bus::Enumeration enumeration_{bus::Side::back, "echo", *this};
};

}  // namespace unicore::test
