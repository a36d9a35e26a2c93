// SPDX-License-Identifier: BSD-3-Clause
// Names and values as in Intel 231164, 8254 programmable interval timer.
#include <unicore/time/i8254.hpp>

#include <unicore/arch/ports.hpp>

namespace unicore::time::i8254 {
namespace {

namespace ports = arch::ports;

constexpr std::uint16_t counter_0 = 0x40;
constexpr std::uint16_t control_word = 0x43;

constexpr std::uint8_t low_then_high_byte_mode_0 = 0x30;  // of counter 0: counts down once, then OUT stays high
constexpr std::uint8_t read_back_count_and_status = 0xc2;
constexpr std::uint8_t status_output = 0x80;

}  // namespace

// A count of 0 stands for 65,536. Its high byte starts the counter.
void load() noexcept {
    ports::write8(control_word, low_then_high_byte_mode_0);
    ports::write8(counter_0, 0);
}

void start() noexcept { ports::write8(counter_0, 0); }

std::uint32_t elapsed() noexcept {
    ports::write8(control_word, read_back_count_and_status);
    const std::uint8_t status = ports::read8(counter_0);
    const std::uint8_t low = ports::read8(counter_0);
    const std::uint8_t high = ports::read8(counter_0);
    if ((status & status_output) != 0) return overrun;
    return static_cast<std::uint16_t>(-(high << 8 | low));
}

}  // namespace unicore::time::i8254
