// SPDX-License-Identifier: BSD-3-Clause
// Names and values as in Intel 231468, 8259A programmable interrupt controller.
#include <unicore/interrupts/isa.hpp>

#include <unicore/arch/ports.hpp>

#include <initializer_list>

namespace unicore::interrupts::isa {
namespace {

namespace ports = arch::ports;

constexpr std::uint16_t master = 0x20, slave = 0xa0;
constexpr std::uint16_t data = 1;  // offset: initialisation words after the first, and the mask

constexpr std::uint8_t icw1_begin_with_icw4 = 0x11;  // edge triggered unless firmware said otherwise in ELCR
constexpr std::uint8_t icw4_8086 = 0x01;
constexpr std::uint8_t ocw2_specific_end_of_interrupt = 0x60;

constexpr std::uint16_t mask_port(std::uint8_t line) noexcept { return (line < 8 ? master : slave) + data; }
constexpr std::uint8_t bit(std::uint8_t line) noexcept { return static_cast<std::uint8_t>(1 << line % 8); }

void start_one(std::uint16_t port, std::uint8_t first_vector, std::uint8_t connection, std::uint8_t mask) noexcept {
    ports::write8(port, icw1_begin_with_icw4);
    for (const std::uint8_t word : {first_vector, connection, icw4_8086, mask}) ports::write8(port + data, word);
}

}  // namespace

Result<Delivery> start(std::uint8_t first_vector, std::uint32_t /*the only CPU*/) noexcept {
    start_one(master, first_vector, bit(cascade), 0xff & ~bit(cascade));
    start_one(slave, first_vector + 8, cascade, 0xff);
    return Delivery::external;
}

void mask(std::uint8_t line) noexcept { ports::write8(mask_port(line), ports::read8(mask_port(line)) | bit(line)); }

void unmask(std::uint8_t line) noexcept { ports::write8(mask_port(line), ports::read8(mask_port(line)) & ~bit(line)); }

void end_of_interrupt(std::uint8_t line) noexcept {
    if (line >= 8) {
        ports::write8(slave, ocw2_specific_end_of_interrupt | line % 8);
        line = cascade;
    }
    ports::write8(master, ocw2_specific_end_of_interrupt | line);
}

}  // namespace unicore::interrupts::isa
