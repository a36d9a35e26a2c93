// SPDX-License-Identifier: BSD-3-Clause
/// Linux's application binary interface as far as it differs between architectures: 32-bit Arm, EABI.
/// Sources: syscalls(2); Linux, arch/arm/tools/syscall.tbl and arch/arm/include/uapi/asm/{ucontext,sigcontext}.h.
#pragma once

#include <unicore/platform/linux/generic.hpp>

#include <cstdint>

namespace unicore::platform::linux {

/// Numbers of the system calls that Unicore makes. Those of time take 64-bit seconds.
enum class Call : long {
    read = 3,
    write = 4,
    close = 6,
    ioctl = 54,
    setitimer = 104,
    mprotect = 125,
    readv = 145,
    writev = 146,
    rt_sigaction = 174,
    sigaltstack = 186,
    mmap = 192,  // mmap2: offsets in pages
    exit_group = 248,
    socket = 281,
    connect = 283,
    openat = 322,
    prlimit64 = 369,
    getrandom = 384,
    clock_gettime = 403,    // clock_gettime64
    clock_nanosleep = 407,  // clock_nanosleep_time64
    ppoll = 414,            // ppoll_time64
};

/// The start of ucontext_t, with the registers of its mcontext.
struct SignalContext {
    unsigned long flags;
    void* link;
    SignalStack stack;
    unsigned long trap, error, old_mask;
    unsigned long registers[17];  // r0 to r15, CPSR
    unsigned long fault_address;
};

inline constexpr SignalRestorer* restorer = nullptr;  // the kernel's own does

}  // namespace unicore::platform::linux
