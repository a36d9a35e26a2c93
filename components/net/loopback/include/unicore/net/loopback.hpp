// SPDX-License-Identifier: BSD-3-Clause
/// Devices without hardware: one whose packets come back to itself, and cables between two, as good or bad as one likes.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/address.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/loopback/line.hpp>

#include <string_view>

namespace unicore::net::loopback {

/// An end of lines: sends into one, receives from one.
class End final : public Device {
public:
    /// Lines live longer. `name` too.
    constexpr End(std::string_view name, MacAddress address, Line& out, Line& in) noexcept
        : name_(name), properties_{.address = address, .most_parts = 16, .completes_checksums = true, .looked_at = true}, out_(out), in_(in) {}

    std::string_view name() const noexcept override { return name_; }
    const Properties& properties() const noexcept override { return properties_; }
    Link link() const noexcept override { return {.up = true, .megabits = 0}; }
    Statistics statistics() const noexcept override { return statistics_; }
    Result<void> open(Listener& listener) noexcept override;
    void close() noexcept override;
    std::size_t send(unsigned queue, std::span<Packet> burst) noexcept override;
    std::size_t receive(unsigned queue, std::span<Packet> into) noexcept override;
    void reclaim(unsigned) noexcept override {}
    bool await(unsigned queue, Event event) noexcept override;
    time::Instant look_at() const noexcept override;

private:
    bool sendable(const Packet& packet) const noexcept;

    std::string_view name_;
    Properties properties_;
    Line& out_;
    Line& in_;
    Statistics statistics_{};
    bool open_ = false;
};

/// Two ends, each of which receives what the other sends.
class Cable {
public:
    /// Names of the ends; their addresses are 02:00:00:00:00:01 and :02, which are locally administered.
    explicit constexpr Cable(std::string_view left = "cable-left", std::string_view right = "cable-right") noexcept
        : left_(left, {{2, 0, 0, 0, 0, 1}}, to_right_, to_left_), right_(right, {{2, 0, 0, 0, 0, 2}}, to_left_, to_right_) {}

    /// Gets memory for `most` packets in each direction. Errors: out_of_memory. Context: thread.
    Result<void> open(std::size_t most, const Faults& faults = {}) noexcept;

    /// What happens to packets that are sent from now on. Context: thread.
    void set_faults(const Faults& faults) noexcept;

    End& left() noexcept { return left_; }
    End& right() noexcept { return right_; }
    Line& to_right() noexcept { return to_right_; }
    Line& to_left() noexcept { return to_left_; }

private:
    Line to_right_, to_left_;
    End left_, right_;
};

}  // namespace unicore::net::loopback
