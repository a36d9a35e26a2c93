// SPDX-License-Identifier: BSD-3-Clause
#include "fault.hpp"

namespace unicore::platform::linux {
namespace {

constexpr int from_kernel = 0x80;  // SI_KERNEL: without an address; not positive: sent by a process

/// The lowest address that a process can map. [/proc/sys/vm/mmap_min_addr; the usual value]
constexpr std::uintptr_t null_end = 64 * 1024;

/// How far from the stack pointer a fault still is one of the stack's: calls and pushes fault just
/// below it, a function with large locals may reach further at first.
constexpr std::uintptr_t stack_reach_below = 64 * 1024;
constexpr std::uintptr_t stack_reach_above = 4 * 1024;

bool at_stack(const Fault& fault) noexcept {
    return fault.address - (fault.stack_pointer - stack_reach_below) < stack_reach_below + stack_reach_above;
}

/// What a fault at an address was about.
const char* describe_access(const Fault& fault) noexcept {
    if (fault.address < null_end) return "null pointer";
    if (fault.access == Access::execute) return "execution of data";
    if (at_stack(fault)) return "stack overflow";
    return fault.access == Access::write ? "write not allowed" : "read not allowed";
}

}  // namespace

Description describe(const Fault& fault) noexcept {
    if (fault.code <= 0) return {"signal of another process"};
    const bool has_address = fault.code != from_kernel;
    switch (fault.signal) {
        case Signal::segmentation_fault:
            return {has_address ? describe_access(fault) : "general protection", has_address};
        case Signal::bus_error: return {"bus error", has_address};
        case Signal::illegal_instruction: return {"invalid instruction"};
        case Signal::floating_point: return {"divide error"};
        case Signal::trap: return {"breakpoint"};
        default: return {"exception"};
    }
}

}  // namespace unicore::platform::linux
