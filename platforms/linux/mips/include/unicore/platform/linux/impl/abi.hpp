// SPDX-License-Identifier: BSD-3-Clause
/// Linux's application binary interface as far as it differs between architectures: MIPS, o32.
/// Sources: syscalls(2); Linux, arch/mips/kernel/syscalls/syscall_o32.tbl and arch/mips/include/uapi/asm/{signal,
/// siginfo,mman,sigcontext,ucontext,fcntl,socket,ioctl}.h. Much of it is not as the generic headers say.
#pragma once

#include <unicore/platform/linux/signals.hpp>

#include <cstddef>
#include <cstdint>

namespace unicore::platform::linux {

/// Numbers of the system calls that Unicore makes. Those of time take 64-bit seconds.
enum class Call : long {
    read = 4003,
    write = 4004,
    close = 4006,
    ioctl = 4054,
    setitimer = 4104,
    mprotect = 4125,
    readv = 4145,
    writev = 4146,
    connect = 4170,
    socket = 4183,
    rt_sigaction = 4194,
    sigaltstack = 4206,
    mmap = 4210,  // mmap2: offsets in pages
    exit_group = 4246,
    openat = 4288,
    prlimit64 = 4338,
    getrandom = 4353,
    clock_gettime = 4403,    // clock_gettime64
    clock_nanosleep = 4407,  // clock_nanosleep_time64
    ppoll = 4414,            // ppoll_time64
};

inline constexpr int bus_error_number = 10;
inline constexpr int map_private = 0x02, map_anonymous = 0x800, map_noreserve = 0x400;
inline constexpr int non_blocking = 0x80;  // O_NONBLOCK, SOCK_NONBLOCK
inline constexpr int stream_socket = 2, datagram_socket = 1;  // SOCK_STREAM, SOCK_DGRAM
inline constexpr unsigned long writing_request = 0x8000'0000;  // _IOC_WRITE, in its place

/// The kernel's stack_t.
struct SignalStack {
    void* base;
    std::size_t size;
    int flags;
};

/// The start of siginfo_t as faults fill it in.
struct SignalInformation {
    int signal, code, error;
    std::uintptr_t address;  // si_addr
};

/// The start of ucontext_t, with the registers of its mcontext, which are 64 bits wide.
struct SignalContext {
    unsigned long flags;
    void* link;
    SignalStack stack;
    alignas(8) std::uint32_t register_mask;
    std::uint32_t status;
    std::uint64_t pc, registers[32], floating_point[32];
    std::uint32_t accumulator, control[2], used_math, dsp;
    std::uint64_t hi, lo;
};

/// The kernel's struct sigaction, not the C library's.
struct SignalAction {
    unsigned int flags;
    SignalHandler* handler;
    SignalSet<128> mask;
};
inline constexpr unsigned int with_information = 8;  // SA_SIGINFO

struct NoRestorer {};
inline constexpr NoRestorer restorer{};  // the kernel's own does; there is no place for another

constexpr SignalAction signal_action(SignalHandler* handler, unsigned long mask, NoRestorer) noexcept {
    return {static_cast<unsigned int>(signal_flags) | with_information, handler, {{mask}}};
}

}  // namespace unicore::platform::linux
