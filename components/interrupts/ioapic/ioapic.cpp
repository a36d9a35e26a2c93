// SPDX-License-Identifier: BSD-3-Clause
// Names and values as in Intel 290566, 82093AA I/O advanced programmable interrupt controller.
#include "machine.hpp"
#include "madt.hpp"

#include <unicore/interrupts/isa.hpp>

#include <array>

namespace unicore::interrupts {
namespace ioapic {
namespace {

constexpr std::uint8_t version = 0x01;                   // with the number of the last input in bits 16 to 23
constexpr std::uint8_t redirection_table = 0x10;         // two words for each input
constexpr std::uint32_t active_low = 1 << 13, level_triggered = 1 << 15, masked = 1 << 16;
constexpr unsigned destination_shift = 24;               // in the upper word

constexpr std::uint8_t lines = 16;
constinit std::array<Input, lines> inputs{};

std::uint8_t entry_of(const Input& input) noexcept {
    return static_cast<std::uint8_t>(redirection_table + 2 * input.number);
}

Result<void> set_up(std::uint8_t line, std::uint8_t vector, std::uint32_t cpu) noexcept {
    Input& input = inputs[line];
    input = UNICORE_TRY(find_input(madt(), line));
    UNICORE_TRY(open(input.controller));
    if (input.number > (read(input.controller, version) >> 16 & 0xff)) return unexpected(Error::not_found);
    // Masked before the rest changes.
    write(input.controller, entry_of(input),
          masked | vector | (input.active_low ? active_low : 0) | (input.level_triggered ? level_triggered : 0));
    write(input.controller, static_cast<std::uint8_t>(entry_of(input) + 1), cpu << destination_shift);
    return {};
}

void change_mask(std::uint8_t line, std::uint32_t bit) noexcept {
    const Input& input = inputs[line];
    write(input.controller, entry_of(input), (read(input.controller, entry_of(input)) & ~masked) | bit);
}

}  // namespace
}  // namespace ioapic

Result<isa::Delivery> isa::start(std::uint8_t first_vector, std::uint32_t cpu) noexcept {
    for (std::uint8_t line = 0; line < ioapic::lines; ++line)
        if (line != cascade) UNICORE_TRY(ioapic::set_up(line, static_cast<std::uint8_t>(first_vector + line), cpu));
    return Delivery::message;
}

void isa::mask(std::uint8_t line) noexcept { ioapic::change_mask(line, ioapic::masked); }

void isa::unmask(std::uint8_t line) noexcept { ioapic::change_mask(line, 0); }

void isa::end_of_interrupt(std::uint8_t /*line*/) noexcept {}

}  // namespace unicore::interrupts
