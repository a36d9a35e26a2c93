// SPDX-License-Identifier: BSD-3-Clause
/// Linux's application binary interface as far as it differs between architectures: AArch64.
/// Sources: syscalls(2); Linux, include/uapi/asm-generic/unistd.h and arch/arm64/include/uapi/asm/sigcontext.h.
#pragma once

#include <unicore/platform/linux/generic.hpp>

#include <cstdint>

namespace unicore::platform::linux {

/// Numbers of the system calls that Unicore makes.
enum class Call : long {
    ioctl = 29,
    openat = 56,
    close = 57,
    read = 63,
    write = 64,
    readv = 65,
    writev = 66,
    ppoll = 73,
    exit_group = 94,
    setitimer = 103,
    clock_gettime = 113,
    clock_nanosleep = 115,
    sigaltstack = 132,
    rt_sigaction = 134,
    socket = 198,
    connect = 203,
    mmap = 222,
    mprotect = 226,
    prlimit64 = 261,
    getrandom = 278,
};

/// The start of ucontext_t, with the registers of its mcontext.
struct SignalContext {
    unsigned long flags;
    void* link;
    SignalStack stack;
    SignalSet<1024> mask;
    alignas(16) std::uint64_t fault_address;
    std::uint64_t registers[34];  // x0 to x30, sp, pc, pstate
};

inline constexpr SignalRestorer* restorer = nullptr;  // the kernel's own does

}  // namespace unicore::platform::linux
