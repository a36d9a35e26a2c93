// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstdint>
#include <span>
#include <utility>

namespace unicore::interrupts {

/// Runs masked, on the interrupted stack; acknowledges its device and wakes.
using Handler = void (*)(void* context) noexcept;

/// An interrupt line with a handler; masked again at the end of its life. The first one sets the controller up.
class Line {
public:
    /// `specifier`: what the device tree says, in the controller's terms. Context: thread.
    /// Errors: invalid_argument for one that the controller has not; busy when the line is taken or there
    /// are too many; not_found without a controller.
    static Result<Line> create(std::span<const std::uint32_t> specifier, Handler handler, void* context) noexcept;

    Line(Line&& other) noexcept : number_(std::exchange(other.number_, none)) {}
    Line& operator=(Line&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Line() noexcept {
        if (number_ != none) release(number_);
    }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    explicit constexpr Line(std::uint32_t number) noexcept : number_(number) {}
    static void release(std::uint32_t number) noexcept;

    std::uint32_t number_;
};

}  // namespace unicore::interrupts
