// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

struct FirmwareCall {
    static std::int32_t hypervisor(std::uint32_t function) noexcept {
        register std::uint32_t r0 asm("r0") = function;
        asm volatile(".arch_extension virt\n\thvc #0" : "+r"(r0) : : "r1", "r2", "r3", "memory");
        return static_cast<std::int32_t>(r0);
    }
    static std::int32_t secure_monitor(std::uint32_t function) noexcept {
        register std::uint32_t r0 asm("r0") = function;
        asm volatile(".arch_extension sec\n\tsmc #0" : "+r"(r0) : : "r1", "r2", "r3", "memory");
        return static_cast<std::int32_t>(r0);
    }
};

}  // namespace unicore::arch
