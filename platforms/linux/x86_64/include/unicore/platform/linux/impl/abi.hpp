// SPDX-License-Identifier: BSD-3-Clause
/// Linux's application binary interface as far as it differs between architectures: x86-64.
/// Sources: syscalls(2); Linux, arch/x86/include/uapi/asm/{ucontext,sigcontext}.h.
#pragma once

#include <unicore/platform/linux/generic.hpp>

#include <cstdint>

namespace unicore::platform::linux {

/// Numbers of the system calls that Unicore makes.
enum class Call : long {
    read = 0,
    write = 1,
    close = 3,
    mmap = 9,
    mprotect = 10,
    rt_sigaction = 13,
    ioctl = 16,
    readv = 19,
    writev = 20,
    setitimer = 38,
    socket = 41,
    connect = 42,
    sigaltstack = 131,
    clock_gettime = 228,
    clock_nanosleep = 230,
    exit_group = 231,
    openat = 257,
    ppoll = 271,
    prlimit64 = 302,
    getrandom = 318,
};

/// The start of ucontext_t, with the registers of its mcontext.
struct SignalContext {
    unsigned long flags;
    void* link;
    SignalStack stack;
    /// In the kernel's order: r8 to r15, then these.
    enum Register {
        rdi = 8, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags, segments, error, trap, old_mask, cr2, count
    };
    std::uint64_t registers[count];
};

/// The kernel demands one on x86-64. [rt_sigaction(2), sigreturn(2)]
extern "C" void unicore_linux_restore() noexcept;
inline constexpr SignalRestorer* restorer = unicore_linux_restore;

}  // namespace unicore::platform::linux
