// SPDX-License-Identifier: BSD-3-Clause
// Names and values as in TL16C550C, Texas Instruments SLLS177I, table 3 and 8.
#include <unicore/console/ns16550.hpp>

#include <unicore/arch/ports.hpp>
#include <unicore/base/late.hpp>
#include <unicore/base/result.hpp>
#include <unicore/console/sink.hpp>

#include <cstddef>
#include <cstdint>

namespace unicore::console::ns16550 {

namespace {

namespace ports = arch::ports;

constexpr std::uint16_t com1 = 0x3f8;

enum Register : std::uint8_t {
    transmitter_holding = 0,  // while divisor_latch_access is off
    divisor_latch_low = 0,    // while it is on
    interrupt_enable = 1,     // while it is off
    divisor_latch_high = 1,   // while it is on
    fifo_control = 2,
    line_control = 3,
    modem_control = 4,
    line_status = 5,
};

namespace line_control_bits {
constexpr std::uint8_t eight_bits_no_parity_one_stop = 0x03, divisor_latch_access = 0x80;
}
namespace fifo_control_bits {
constexpr std::uint8_t enable = 0x01, reset_receiver = 0x02, reset_transmitter = 0x04;
}
namespace modem_control_bits {
constexpr std::uint8_t data_terminal_ready = 0x01, request_to_send = 0x02;
}
namespace line_status_bits {
constexpr std::uint8_t transmitter_holding_empty = 0x20;  // with the FIFO on: all of it
}

constexpr std::size_t fifo_size = 16;
constexpr std::uint8_t divisor = 1;  // 1.8432 MHz / 16 / 115,200 Bd

struct Setting {
    Register where;
    std::uint8_t value;
};
constexpr Setting settings[] = {
    {line_control, line_control_bits::divisor_latch_access},
    {divisor_latch_low, divisor},
    {divisor_latch_high, 0},
    {line_control, line_control_bits::eight_bits_no_parity_one_stop},
    {interrupt_enable, 0},
    {fifo_control,
     fifo_control_bits::enable | fifo_control_bits::reset_receiver | fifo_control_bits::reset_transmitter},
    {modem_control, modem_control_bits::data_terminal_ready | modem_control_bits::request_to_send},
};

/// How often to look for room: a port access takes about 1 µs on an ISA bus and more under a
/// hypervisor, and 16 characters at 115,200 Bd take 1.4 ms.
constexpr std::uint32_t patience = 100'000;

/// Looks that the next wait may take: 0 before the set-up, 1 after the UART took nothing for too long.
constinit std::uint32_t looks = 0;

bool wait_for_room() noexcept {
    for (std::uint32_t left = looks; left > 0; --left) {
        if ((ports::read8(com1 + line_status) & line_status_bits::transmitter_holding_empty) != 0) {
            looks = patience;
            return true;
        }
    }
    looks = 1;
    return false;
}

class Ns16550 final : public Sink {
    void write(std::string_view text) noexcept override { ns16550::write(text); }
};

constinit Late<Ns16550> sink;

}  // namespace

void write(std::string_view text) noexcept {
    if (looks == 0) {
        for (const Setting& setting : settings)
            ports::write8(static_cast<std::uint16_t>(com1 + setting.where), setting.value);
        looks = patience;
    }
    for (const char *next = text.data(), *const end = next + text.size(); next != end;) {
        char burst[fifo_size];
        std::size_t size = 0;
        while (size < fifo_size - 1 && next != end) {  // one more for the CR
            if (*next == '\n') burst[size++] = '\r';
            burst[size++] = *next++;
        }
        if (!wait_for_room()) return;
        ports::write8_all(com1 + transmitter_holding, burst, size);
    }
}

Result<void> start() noexcept {
    add(sink.construct());
    return {};
}

}  // namespace unicore::console::ns16550
