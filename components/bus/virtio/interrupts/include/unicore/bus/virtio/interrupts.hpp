// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/bus/virtio.hpp>
#include <unicore/interrupts.hpp>

#include <cstdint>
#include <optional>
#include <utility>

namespace unicore::bus::virtio {

/// A device's interrupt with a handler; there is none any more at the end of its life.
class Interrupt {
public:
    /// `handler` runs masked, on the interrupted stack: it satisfies the device, if that has a line, and wakes.
    /// Context: thread. Errors: not_found when nobody says what the device's line is; of bus::pci::Interrupt and
    /// interrupts::Line.
    static Result<Interrupt> create(const Device& device, interrupts::Handler handler, void* context) noexcept;

    /// What the device has to be told (`use`, `send_on_change`); nothing where it has a line.
    std::optional<std::uint16_t> message() const noexcept {
        return function_ ? function_->message() : std::nullopt;
    }

    /// One more message, with a handler of its own; returns which. Context: thread. Errors: unsupported where the device
    /// has a line, whose handler asks what for (`take_interrupts`); of bus::pci::Interrupt.
    Result<std::uint16_t> add_message(interrupts::Handler handler, void* context) noexcept {
        if (!function_) return unexpected(Error::unsupported);
        return function_->add_message(handler, context);
    }

private:
    explicit Interrupt(bus::pci::Interrupt function) noexcept : function_(std::move(function)) {}
    explicit Interrupt(interrupts::Line line) noexcept : line_(std::move(line)) {}

    std::optional<bus::pci::Interrupt> function_;
    std::optional<interrupts::Line> line_;
};

}  // namespace unicore::bus::virtio
