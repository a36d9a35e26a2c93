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

}  // namespace

bool has_address(const Fault& fault) noexcept {
    return (fault.signal == Signal::segmentation_fault || fault.signal == Signal::bus_error) && fault.code > 0 &&
           fault.code != from_kernel;
}

const char* describe(const Fault& fault) noexcept {
    if (fault.code <= 0) return "signal of another process";
    switch (fault.signal) {
        case Signal::segmentation_fault:
            if (fault.code == from_kernel) return "general protection";
            if (fault.address < null_end) return "null pointer";
            if (fault.access == Access::execute) return "execution of data";
            if (at_stack(fault)) return "stack overflow";
            return fault.access == Access::write ? "write not allowed" : "read not allowed";
        case Signal::bus_error: return "bus error";
        case Signal::illegal_instruction: return "invalid instruction";
        case Signal::floating_point: return "divide error";
        case Signal::trap: return "breakpoint";
        default: return "exception";
    }
}

}  // namespace unicore::platform::linux
