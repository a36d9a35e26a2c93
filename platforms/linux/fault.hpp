// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/linux/access.hpp>
#include <unicore/platform/linux/impl/abi.hpp>

#include <cstdint>

namespace unicore::platform::linux {

/// Signals that mean something here. Their numbers are the same everywhere, but for one.
enum class Signal : std::uint8_t {
    interrupt = 2,            // SIGINT
    illegal_instruction = 4,  // SIGILL
    trap = 5,                 // SIGTRAP
    bus_error = bus_error_number,
    floating_point = 8,       // SIGFPE
    segmentation_fault = 11,  // SIGSEGV
    broken_pipe = 13,         // SIGPIPE
    alarm = 14,               // SIGALRM
    terminate = 15,           // SIGTERM
};

/// A signal that a fault raised, as siginfo_t and the signal's context tell it.
struct Fault {
    Signal signal;
    int code;                ///< si_code
    std::uintptr_t address;  ///< si_addr
    Access access;
    std::uintptr_t stack_pointer;
};

/// A fault in the words that all platforms use.
struct Description {
    const char* what;
    /// Whether `Fault::address` means anything: not for what the CPU does not give an address for,
    /// nor for a signal that another process sent.
    bool has_address = false;
};

/// [sigaction(2), the si_code field]
Description describe(const Fault& fault) noexcept;

}  // namespace unicore::platform::linux
