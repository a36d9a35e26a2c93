// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

struct Mmu {
    static void written() noexcept { asm volatile("dsb ishst\n\tisb" : : : "memory"); }
    static void forget(std::uintptr_t address) noexcept {
        asm volatile("dsb ishst\n\tmcr p15, 0, %0, c8, c3, 3\n\tdsb ish\n\tisb" : : "r"(address) : "memory");  // TLBIMVAAIS
    }
};

}  // namespace unicore::arch
