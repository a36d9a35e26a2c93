// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/console/received.hpp>

#include <cstdint>
#include <span>

namespace unicore::console::pl011::input {

/// Registers by their offset in bytes. [Arm DDI 0183G, table 3-1]
enum class Register : std::uint32_t {
    data = 0x000,
    flags = 0x018,
    control = 0x030,
    interrupt_mask = 0x038,   // UARTIMSC
    interrupt_clear = 0x044,  // UARTICR
};

namespace data_bits {
inline constexpr std::uint32_t framing_error = 1 << 8, parity_error = 1 << 9, break_error = 1 << 10, overrun_error =
    1 << 11;
}
namespace flag_bits {
inline constexpr std::uint32_t receive_fifo_empty = 1 << 4;  // RXFE
}
namespace control_bits {
inline constexpr std::uint32_t uart_enable = 1 << 0, receive_enable = 1 << 9;  // UARTEN, RXE
}
namespace interrupt_bits {
inline constexpr std::uint32_t receive = 1 << 4, receive_timeout = 1 << 6;  // RXIM, RTIM
}

/// What the UART behind `Registers` receives; that has read(Register) and write(Register, value). Used masked.
template <typename Registers>
class Receiver {
public:
    constexpr explicit Receiver(Registers registers) noexcept : registers_(registers) {}

    /// Loaders enable what they need; an SBSA UART has no such register.
    void enable() noexcept {
        using namespace control_bits;
        registers_.write(Register::control, registers_.read(Register::control) | uart_enable | receive_enable);
    }
    /// At a FIFO that is filled so far, and at one that is not and nothing more comes.
    void enable_interrupts() noexcept {
        interrupts_ = true;
        registers_.write(Register::interrupt_mask, wanted);
    }
    bool interrupts() const noexcept { return interrupts_; }

    /// Takes what is there, `most` characters at once. An interrupt that still has a reason comes again; where there is
    /// no room, it has to wait until something is taken, and a hypervisor holds back what follows.
    void drain() noexcept {
        using namespace data_bits;
        if (interrupts_) registers_.write(Register::interrupt_clear, wanted);
        for (unsigned left = most; left != 0; --left) {
            if (received_.full()) {
                full_ = true;
                if (interrupts_) registers_.write(Register::interrupt_mask, 0);
                return;
            }
            if ((registers_.read(Register::flags) & flag_bits::receive_fifo_empty) != 0) return;
            const std::uint32_t data = registers_.read(Register::data);
            if ((data & overrun_error) != 0) received_.lose();
            if ((data & (framing_error | parity_error | break_error)) != 0) received_.lose();
            else received_.put(static_cast<char>(data & 0xff));
        }
    }

    bool empty() const noexcept { return received_.empty(); }
    std::size_t take(std::span<char> into) noexcept {
        const std::size_t taken = received_.take(into);
        if (full_ && taken != 0) {
            full_ = false;
            if (interrupts_) registers_.write(Register::interrupt_mask, wanted);
            drain();
        }
        return taken;
    }
    std::uint32_t lost() const noexcept { return received_.lost(); }

private:
    static constexpr unsigned most = 256;
    static constexpr std::uint32_t wanted = interrupt_bits::receive | interrupt_bits::receive_timeout;

    Registers registers_;
    Received<256> received_;
    bool interrupts_ = false;
    bool full_ = false;  ///< something may have stayed in the UART
};

}  // namespace unicore::console::pl011::input
