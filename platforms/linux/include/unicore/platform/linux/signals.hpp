// SPDX-License-Identifier: BSD-3-Clause
/// What all architectures' signals have in common.
#pragma once

namespace unicore::platform::linux {

struct SignalInformation;
struct SignalContext;

using SignalHandler = void(int, const SignalInformation*, const SignalContext*) noexcept;
using SignalRestorer = void() noexcept;

/// The kernel's sigset_t: signal n is bit n - 1.
template <unsigned Bits>
struct SignalSet {
    unsigned long words[Bits / (8 * sizeof(unsigned long))];
};

inline constexpr unsigned long on_stack = 0x0800'0000;  // SA_ONSTACK
inline constexpr unsigned long restart = 0x1000'0000;   // SA_RESTART
inline constexpr unsigned long no_defer = 0x4000'0000;  // SA_NODEFER

/// A second fault, while one is reported, must be seen too (SA_NODEFER), panic ends it; stop signals wait for each
/// other. SA_RESTART is for writes; a wait ends all the same.
inline constexpr unsigned long signal_flags = on_stack | restart | no_defer;

}  // namespace unicore::platform::linux
