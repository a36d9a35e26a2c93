// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

struct Mmu {
    static void written() noexcept { asm volatile("dsb ishst\n\tisb" : : : "memory"); }
    static void forget(std::uintptr_t address) noexcept {
        asm volatile("dsb ishst\n\ttlbi vaae1is, %0\n\tdsb ish\n\tisb" : : "r"(address >> 12) : "memory");  // TLBI VAAE1IS
    }
};

}  // namespace unicore::arch
