// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>

namespace unicore::time::pvclock {

/// value * fraction / 2^32, rounded down, as the low 64 bits. The high half of the product needs no
/// 128-bit arithmetic: value = high * 2^32 + low, and high * fraction is a whole number of 2^32.
[[gnu::always_inline]] constexpr std::uint64_t multiply(std::uint64_t value, std::uint32_t fraction) noexcept {
    return (value >> 32) * fraction + ((value & 0xffff'ffff) * fraction >> 32);
}

/// From ticks to nanoseconds: ticks * 2^shift * multiplier / 2^32. The form in which hypervisors tell
/// their rate. [Linux, Documentation/virt/kvm/x86/msr.rst, MSR_KVM_SYSTEM_TIME_NEW]
struct Scale {
    std::uint32_t multiplier = 0;
    std::int8_t shift = 0;

    /// For any but 0 Hz. Ticks shifted so that a second has 31 bits: a century of them fits
    /// 64 bits, and the multiplier keeps 31 significant ones (an error of 15 ms in a year).
    [[gnu::always_inline]] static constexpr Scale of(std::uint64_t hertz) noexcept {
        constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
        const int zeros = std::countl_zero(hertz | 1);
        return {static_cast<std::uint32_t>((nanoseconds_per_second << 32) / (hertz << zeros >> 33)),
                static_cast<std::int8_t>(zeros - 33)};
    }

    [[gnu::always_inline]] constexpr std::uint64_t nanoseconds(std::uint64_t ticks) const noexcept {
        return multiply(shifted(ticks, shift), multiplier);
    }

    /// How many ticks `nanoseconds` take, rounded down; they fit 32 bits, so nothing overflows.
    [[gnu::always_inline]] constexpr std::uint64_t ticks(std::uint32_t nanoseconds) const noexcept {
        return shifted((std::uint64_t{nanoseconds} << 32) / (multiplier | 1), -shift);
    }

private:
    /// Any shift is defined: one that a hypervisor made up yields a wrong time, not more.
    [[gnu::always_inline]] static constexpr std::uint64_t shifted(std::uint64_t value, int by) noexcept {
        return by < 0 ? value >> (-by & 63) : value << (by & 63);
    }
};

}  // namespace unicore::time::pvclock
