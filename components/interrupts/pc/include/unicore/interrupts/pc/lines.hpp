// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstdint>
#include <utility>

namespace unicore::interrupts::pc {

/// A line of the ISA bus, 0 to 15 as in IRQ0 to IRQ15; 2 is none, since the second 8259 is connected there.
struct IsaLine {
    std::uint8_t number;
};

/// Runs masked when the line asks for it. Has to call `end_of_interrupt` for its line.
using Handler = void (*)() noexcept;

/// Lets the line interrupt again. Context: that line's handler, after the device was acknowledged.
void end_of_interrupt(IsaLine line) noexcept;

/// An interrupt line with a handler; masked again at the end of its life. The first one sets the
/// interrupt controllers up.
class Line {
public:
    /// Context: thread. Errors: invalid_argument past 15 and for the cascade, 2; busy when the line
    /// is taken; not_found where the machine has no controller; out_of_memory.
    static Result<Line> create(IsaLine line, Handler handler) noexcept;

    Line(Line&& other) noexcept : line_(std::exchange(other.line_, nothing)) {}
    Line& operator=(Line&& other) noexcept {
        std::swap(line_, other.line_);
        return *this;
    }
    ~Line() noexcept {
        if (line_.number != nothing.number) disable(line_);
    }

private:
    static constexpr IsaLine nothing{0xff};

    explicit constexpr Line(IsaLine line) noexcept : line_(line) {}
    static void disable(IsaLine line) noexcept;

    IsaLine line_;
};

}  // namespace unicore::interrupts::pc
