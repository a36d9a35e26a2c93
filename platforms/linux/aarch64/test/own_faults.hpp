// SPDX-License-Identifier: BSD-3-Clause
/// Faults that only this architecture has, or has in its own way.
#pragma once

#include "process.hpp"

void break_frames() { asm volatile("mov x29, #0x1008\n\tudf #0" : : : "memory"); }

constexpr FaultCase own_cases[] = {
    {"breakpoint", [] { asm volatile("brk #0"); }},
    {"broken-frames", break_frames},
};
