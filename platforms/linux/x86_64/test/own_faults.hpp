// SPDX-License-Identifier: BSD-3-Clause
/// Faults that only this architecture has, or has in its own way.
#pragma once

#include "process.hpp"

#include <cstdint>

constinit int zero = 0;

/// The backtrace walks into what is not there: the second fault must end the report of the first.
void break_frames() { asm volatile("movq $0x10008, %%rbp; ud2" : : : "memory"); }

constexpr FaultCase own_cases[] = {
    {"not-canonical", [] { static_cast<void>(*reinterpret_cast<volatile int*>(0x8000'0000'0000'0000)); }},
    {"divide", [] { asm volatile("idivl %0" : : "m"(zero), "a"(1), "d"(0)); }},
    {"breakpoint", [] { asm volatile("int3"); }},
    {"broken-frames", break_frames},
};
