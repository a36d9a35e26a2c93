// SPDX-License-Identifier: BSD-3-Clause
/// Linux's application binary interface where an architecture has none of its own: what its generic headers say.
/// x86-64 and both of Arm have all of it. Sources: signal(7), rt_sigaction(2), sigaltstack(2), mmap(2);
/// Linux, include/uapi/asm-generic/{signal,siginfo,mman-common,fcntl,ioctl}.h and include/linux/{signal_types,net}.h.
#pragma once

#include <unicore/platform/linux/signals.hpp>

#include <cstddef>
#include <cstdint>

namespace unicore::platform::linux {

inline constexpr int bus_error_number = 7;
inline constexpr int map_private = 0x02, map_anonymous = 0x20, map_noreserve = 0x4000;
inline constexpr int non_blocking = 0x800;  // O_NONBLOCK, SOCK_NONBLOCK
inline constexpr int stream_socket = 1, datagram_socket = 2;  // SOCK_STREAM, SOCK_DGRAM
inline constexpr unsigned long writing_request = 0x4000'0000;  // _IOC_WRITE, in its place

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

/// The kernel's struct sigaction, not the C library's.
struct SignalAction {
    SignalHandler* handler;
    unsigned long flags;
    SignalRestorer* restorer;
    SignalSet<64> mask;
};
inline constexpr unsigned long with_information = 4;        // SA_SIGINFO
inline constexpr unsigned long has_restorer = 0x0400'0000;  // SA_RESTORER

/// An action with a `restorer`, or null where the kernel brings its own.
constexpr SignalAction signal_action(SignalHandler* handler, unsigned long mask, SignalRestorer* restorer) noexcept {
    const unsigned long restoring = restorer != nullptr ? has_restorer : 0;
    return {handler, signal_flags | with_information | restoring, restorer, {{mask}}};
}

}  // namespace unicore::platform::linux
