// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/pci.hpp>

#include <cstdint>
#include <optional>
#include <utility>

namespace unicore::bus::pci {

/// Runs masked, on the interrupted stack; satisfies the function, where that has a line, and wakes.
using InterruptHandler = void (*)(void* context) noexcept;

/// A function's interrupt with a handler; there is none any more at the end of its life.
class Interrupt {
public:
    /// For a function that is enabled. Context: thread.
    /// Errors: not_found when the function has none of the kind that this machine knows; busy when it has its interrupt
    /// already, another function has the same line, or there are too many; of what brings it to the CPU.
    static Result<Interrupt> create(const Function& function, InterruptHandler handler, void* context) noexcept;

    Interrupt(Interrupt&& other) noexcept
        : message_(other.message_), place_(std::exchange(other.place_, none)) {}
    Interrupt& operator=(Interrupt&& other) noexcept {
        std::swap(message_, other.message_);
        std::swap(place_, other.place_);
        return *this;
    }
    ~Interrupt() noexcept {
        if (place_ != none) release(place_);
    }

    /// Which of its messages the function has to send; nothing where it has a line.
    std::optional<std::uint16_t> message() const noexcept { return message_; }
    /// One more message, with a handler of its own; returns which. Context: thread. Errors: unsupported where the function
    /// has a line; busy when it has no more messages; of what brings it to the CPU.
    Result<std::uint16_t> add_message(InterruptHandler handler, void* context) noexcept;

private:
    static constexpr unsigned none = ~0U;

    Interrupt(std::optional<std::uint16_t> message, unsigned place) noexcept : message_(message), place_(place) {}
    static void release(unsigned place) noexcept;

    std::optional<std::uint16_t> message_;
    unsigned place_;  ///< among the provider's
};

}  // namespace unicore::bus::pci
