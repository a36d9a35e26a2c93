// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

struct FirmwareCall {
    static std::int64_t hypervisor(std::uint64_t function) noexcept {
        register std::uint64_t x0 asm("x0") = function;
        asm volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
                                             "x13", "x14", "x15", "x16", "x17", "memory");
        return static_cast<std::int64_t>(x0);
    }
    static std::int64_t secure_monitor(std::uint64_t function) noexcept {
        register std::uint64_t x0 asm("x0") = function;
        asm volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
                                             "x13", "x14", "x15", "x16", "x17", "memory");
        return static_cast<std::int64_t>(x0);
    }
};

}  // namespace unicore::arch
