// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch::mips {

/// Whether an instruction is a branch or jump, and so the next one is executed before what it goes to.
/// [MIPS32 volume II, table A.2 to A.4]
constexpr bool has_delay_slot(std::uint32_t word) noexcept {
    const std::uint32_t opcode = word >> 26, function = word & 0x3f;
    if (opcode == 0) return function == 0x08 || function == 0x09;                 // JR, JALR
    if (opcode == 0x11) return (word >> 21 & 0x1f) == 8;                          // BC1
    return (opcode >= 0x01 && opcode <= 0x07) || (opcode >= 0x14 && opcode <= 0x17);  // REGIMM has no other that faults so
}

/// Whether the instruction writes to memory: SB to SWR, SC, SWC1 and SDC1. One that faults in a delay slot is known by
/// the branch before it. [MIPS32 volume II, table A.2; volume III, 9.36, EPC]
constexpr bool stores(const std::uint32_t* instruction) noexcept {
    if (has_delay_slot(*instruction)) ++instruction;
    const std::uint32_t opcode = *instruction >> 26;
    return (opcode >= 0x28 && opcode <= 0x2e) || (opcode >= 0x38 && opcode <= 0x3e);
}

}  // namespace unicore::arch::mips
