// SPDX-License-Identifier: BSD-3-Clause
/// Two 8259 behind their ports, a local APIC's registers, and the table of interrupt handlers.
#pragma once

#include "../local_apic.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace unicore::test {

/// [Intel 231468, 8259A]: initialisation, mask, in-service bits and specific end of interrupt.
struct I8259 {
    int words_to_come = 0;
    std::uint8_t vector = 0, connection = 0, mode = 0;
    std::uint8_t mask = 0;        ///< as firmware might leave it: everything open
    std::uint8_t in_service = 0;
    std::string wrong;

    void write(bool data, std::uint8_t value);
};

struct Machine {
    I8259 master, slave;
    std::vector<std::pair<interrupts::pc::local_apic::Register, std::uint32_t>> written;
    unsigned opened = 0;
    std::array<void (*)() noexcept, 64> handlers{};
    std::uint32_t current_count = 0;

    bool masked_everything() const { return master.mask == 0xff && slave.mask == 0xff; }
    std::uint32_t value_of(interrupts::pc::local_apic::Register which) const;
    bool was_written(interrupts::pc::local_apic::Register which) const;
    /// Takes an interrupt on a line as the CPU would, through the handler of its vector.
    void interrupt(std::uint8_t line);
};

/// Lives as long as the program, as the component's state does.
Machine& machine();

}  // namespace unicore::test
