// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace unicore::console::pl011 {

/// Registers by their offset in bytes. [Arm DDI 0183G, table 3-1]
enum class Register : std::uint32_t { data = 0x000, flags = 0x018, control = 0x030 };

namespace flag_bits {
inline constexpr std::uint32_t transmit_fifo_full = 1 << 5;  // TXFF
}
namespace control_bits {
inline constexpr std::uint32_t uart_enable = 1 << 0, transmit_enable = 1 << 8;  // UARTEN, TXE
}

/// The UART behind `Registers`, which has read(Register) and write(Register, value).
template <typename Registers>
class Uart {
public:
    constexpr explicit Uart(Registers registers) noexcept : registers_(registers) {}

    void enable() noexcept {
        const std::uint32_t control = registers_.read(Register::control);
        registers_.write(Register::control, control | control_bits::uart_enable | control_bits::transmit_enable);
    }

    void write(std::string_view text) noexcept {
        for (const char character : text) {
            if (character == '\n' && !put('\r')) return;
            if (!put(character)) return;
        }
    }

private:
    /// How often to look for room: a look takes 50 ns or more, a character at 115,200 Bd 87 µs.
    static constexpr std::uint32_t patience = 1'000'000;

    bool put(char character) noexcept {
        std::uint32_t left = stuck_ ? 1 : patience;
        stuck_ = false;
        while ((registers_.read(Register::flags) & flag_bits::transmit_fifo_full) != 0) {
            if (--left != 0) continue;
            stuck_ = true;
            return false;
        }
        registers_.write(Register::data, static_cast<unsigned char>(character));
        return true;
    }

    Registers registers_;
    bool stuck_ = false;  ///< the UART took nothing for too long: the next wait is one look
};

}  // namespace unicore::console::pl011
