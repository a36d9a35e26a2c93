// SPDX-License-Identifier: BSD-3-Clause
// Names and values as in TL16C550C, Texas Instruments SLLS177I, table 3 and 8.
#pragma once

#include <unicore/console/received.hpp>

#include <cstdint>
#include <span>

namespace unicore::console::ns16550::input {

/// Registers by their number.
enum class Register : std::uint8_t { receiver_buffer = 0, interrupt_enable = 1, modem_control = 4, line_status = 5 };

namespace interrupt_enable_bits {
inline constexpr std::uint8_t received_data_available = 0x01;
}
namespace modem_control_bits {
/// The second output lets a PC's interrupt line through.
inline constexpr std::uint8_t data_terminal_ready = 0x01, request_to_send = 0x02, out2 = 0x08;
}
namespace line_status_bits {
inline constexpr std::uint8_t data_ready = 0x01, overrun_error = 0x02, parity_error = 0x04, framing_error = 0x08,
                              break_interrupt = 0x10;
}

/// What the UART behind `Registers` receives; that has read(Register) and write(Register, value), static. Used masked.
template <typename Registers>
class Receiver {
public:
    /// Has the UART interrupt when there is something.
    static void enable_interrupt() noexcept {
        using namespace modem_control_bits;
        Registers::write(Register::modem_control, data_terminal_ready | request_to_send | out2);
        Registers::write(Register::interrupt_enable, interrupt_enable_bits::received_data_available);
    }

    /// Takes what is there, as far as there is room: the rest stays until some of it is taken, and a hypervisor holds
    /// back what follows. The line to the interrupt controller has an edge only when there was nothing, so a UART that
    /// gives without end is told anew to interrupt.
    void drain() noexcept {
        for (unsigned left = most; left != 0; --left) {
            full_ = received_.full();
            if (full_ || !receive()) return;
        }
        full_ = true;
        if (!interrupts_) return;
        Registers::write(Register::interrupt_enable, 0);
        Registers::write(Register::interrupt_enable, interrupt_enable_bits::received_data_available);
    }
    void set_interrupts() noexcept { interrupts_ = true; }
    bool interrupts() const noexcept { return interrupts_; }

    bool empty() const noexcept { return received_.empty(); }
    std::size_t take(std::span<char> into) noexcept {
        const std::size_t taken = received_.take(into);
        if (full_) drain();
        return taken;
    }
    std::uint32_t lost() const noexcept { return received_.lost(); }

private:
    static constexpr unsigned most = 256;          // characters at a time
    static constexpr std::uint8_t nothing = 0xff;  // what a bus without a UART reads as

    /// Whether there was something. A character that came damaged is none; a break is one of those.
    bool receive() noexcept {
        using namespace line_status_bits;
        const std::uint8_t status = Registers::read(Register::line_status);
        if (status == nothing || (status & data_ready) == 0) return false;
        const std::uint8_t character = Registers::read(Register::receiver_buffer);
        if ((status & overrun_error) != 0) received_.lose();
        if ((status & (parity_error | framing_error | break_interrupt)) != 0) received_.lose();
        else received_.put(static_cast<char>(character));
        return true;
    }

    Received<256> received_;
    bool interrupts_ = false;
    bool full_ = false;  ///< something may have stayed in the UART
};

}  // namespace unicore::console::ns16550::input
