// SPDX-License-Identifier: BSD-3-Clause
/// Linux's application binary interface as far as it differs between architectures: x86-64.
/// Sources: syscalls(2), signal(7), rt_sigaction(2), sigaltstack(2), mmap(2); System V ABI x86-64.
#pragma once

#include <cstddef>
#include <cstdint>

namespace unicore::platform::linux {

/// Numbers of the system calls that Unicore makes.
enum class Call : long {
    write = 1,
    mmap = 9,
    mprotect = 10,
    rt_sigaction = 13,
    sigaltstack = 131,
    clock_gettime = 228,
    clock_nanosleep = 230,
    exit_group = 231,
    ppoll = 271,
    getrandom = 318,
};

enum class Signal : std::uint8_t {
    interrupt = 2,             // SIGINT
    illegal_instruction = 4,   // SIGILL
    trap = 5,                  // SIGTRAP
    bus_error = 7,             // SIGBUS
    floating_point = 8,        // SIGFPE
    segmentation_fault = 11,   // SIGSEGV
    broken_pipe = 13,          // SIGPIPE
    terminate = 15,            // SIGTERM
};

inline constexpr int map_private = 0x02, map_anonymous = 0x20, map_noreserve = 0x4000;

/// The kernel's stack_t.
struct SignalStack {
    void* base;
    int flags;
    std::size_t size;
};

/// The start of siginfo_t as faults fill it in.
struct SignalInformation {
    int signal, error, code;
    std::uintptr_t address;  // si_addr
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

/// The kernel's struct sigaction, not the C library's.
struct SignalAction {
    void (*handler)(int, const SignalInformation*, const SignalContext*) noexcept;
    unsigned long flags;
    void (*restorer)() noexcept;
    std::uint64_t mask;  // signal n is bit n - 1
};
inline constexpr unsigned long with_information = 4;         // SA_SIGINFO
inline constexpr unsigned long has_restorer = 0x0400'0000;   // SA_RESTORER
inline constexpr unsigned long on_stack = 0x0800'0000;       // SA_ONSTACK
inline constexpr unsigned long restart = 0x1000'0000;        // SA_RESTART
inline constexpr unsigned long no_defer = 0x4000'0000;       // SA_NODEFER

}  // namespace unicore::platform::linux
