// SPDX-License-Identifier: BSD-3-Clause
/// How this platform keeps interrupts (device interrupts, event channels, signals) away.
#pragma once

#include <unicore/platform/impl/interrupts.hpp>  // the selected platform's

#include <concepts>

namespace unicore::platform {

/// Saved mask state; masking nests through it.
/// Machines start masked, and stay so but for waits, until somebody calls `open`. `is_open`: whether it was open when that was saved. `resumed`, called masked: the thread that runs left of its own
/// will, and the one before it may have been interrupted; what the CPU has changed besides the mask is undone.
/// `unmask_and_wait`, called masked, opens the mask and sleeps as one step, so that no wake-up is
/// lost between; it returns, masked, after at least one interrupt was handled (or spuriously).
template <typename T>
concept InterruptMask = requires(typename T::State saved) {
    { T::save_and_mask() } noexcept -> std::same_as<typename T::State>;
    { T::restore(saved) } noexcept -> std::same_as<void>;
    { T::open() } noexcept -> std::same_as<void>;
    { T::is_open(saved) } noexcept -> std::same_as<bool>;
    { T::resumed() } noexcept -> std::same_as<void>;
    { T::unmask_and_wait() } noexcept -> std::same_as<void>;
};
static_assert(InterruptMask<Interrupts>);

/// Masks interrupts for a scope.
class MaskGuard {
public:
    MaskGuard() noexcept : saved_(Interrupts::save_and_mask()) {}
    ~MaskGuard() noexcept { Interrupts::restore(saved_); }
    MaskGuard(const MaskGuard&) = delete;
    MaskGuard& operator=(const MaskGuard&) = delete;

private:
    Interrupts::State saved_;
};

}  // namespace unicore::platform
