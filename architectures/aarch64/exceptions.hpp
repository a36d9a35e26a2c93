// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch::aarch64 {

/// ESR_EL1, the exception's syndrome. [Arm DDI 0487, D13.2.37]
struct Syndrome {
    enum class Class : std::uint8_t {
        unknown = 0x00,            ///< an instruction that is none
        illegal_state = 0x0e,
        instruction_abort = 0x21,  ///< at the level it was taken from
        pc_alignment = 0x22,
        data_abort = 0x25,
        sp_alignment = 0x26,
        system_error = 0x2f,
        breakpoint = 0x3c,         ///< BRK, which __builtin_trap is
    };

    std::uint64_t value;

    constexpr Class what() const noexcept { return static_cast<Class>(value >> 26 & 0x3f); }
    /// Of a data abort: a write.
    constexpr bool write() const noexcept { return (value & 1 << 6) != 0; }
    /// Whether the fault address register tells where.
    constexpr bool has_address() const noexcept {
        return what() == Class::instruction_abort || what() == Class::data_abort || what() == Class::pc_alignment;
    }
};

}  // namespace unicore::arch::aarch64
