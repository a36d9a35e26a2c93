// SPDX-License-Identifier: BSD-3-Clause
/// Faults that only this architecture has, or has in its own way.
#pragma once

#include "process.hpp"

void break_frames() { asm volatile("li $fp, 0x10008\n\t.word 0xec000000" : : : "memory"); }

constexpr FaultCase own_cases[] = {
    {"divide", [] { asm volatile("break 0, 7"); }},  // what compilers put after a division
    {"breakpoint", [] { asm volatile("break"); }},
    {"broken-frames", break_frames},
};
