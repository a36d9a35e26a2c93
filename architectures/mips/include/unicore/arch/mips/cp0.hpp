// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// Registers of coprocessor 0, by the names that the specification has for them.
/// [MIPS32 volume III, MD00090, coprocessor 0 registers]
namespace unicore::arch::mips {

/// Reads and writes the register `Number`, `Select`; what a write changes is in force when it returns.
template <unsigned Number, unsigned Select = 0>
struct Cp0 {
    [[gnu::always_inline]] static std::uint32_t read() noexcept {
        std::uint32_t value;
        asm volatile("mfc0 %0, $%1, %2" : "=r"(value) : "i"(Number), "i"(Select) : "memory");
        return value;
    }
    [[gnu::always_inline]] static void write(std::uint32_t value) noexcept {
        asm volatile("mtc0 %0, $%1, %2\n\tehb" : : "r"(value), "i"(Number), "i"(Select) : "memory");
    }
};

using EntryLo0 = Cp0<2>;
using EntryLo1 = Cp0<3>;
using PageMask = Cp0<5>;
using BadVAddr = Cp0<8>;
using Count = Cp0<9>;
using EntryHi = Cp0<10>;
using Compare = Cp0<11>;
using Status = Cp0<12>;
using IntCtl = Cp0<12, 1>;
using CauseRegister = Cp0<13>;
using Config1 = Cp0<16, 1>;
using Config2 = Cp0<16, 2>;
using Config3 = Cp0<16, 3>;

}  // namespace unicore::arch::mips
