// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/linux/impl/abi.hpp>

#include <cstdint>

namespace unicore::platform::linux {

/// What the CPU was about, where it says so.
enum class Access : std::uint8_t { unknown, read, write, execute };

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
