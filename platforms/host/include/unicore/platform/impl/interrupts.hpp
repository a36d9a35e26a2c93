// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::platform {

/// A flag, and what a test wants to happen while the mask is open.
struct Interrupts {
    using State = bool;

    static State save_and_mask() noexcept { return masked() ? true : (masked() = true, false); }
    static void restore(State saved) noexcept { masked() = saved; }
    static void unmask_and_wait() noexcept {
        masked() = false;
        if (arrive() != nullptr) arrive()();
        masked() = true;
    }

    static bool& masked() noexcept {
        static bool value = false;
        return value;
    }
    /// Called by unmask_and_wait with the mask open, as an interrupt handler would be.
    static void (*&arrive() noexcept)() {
        static void (*value)() = nullptr;
        return value;
    }
};

}  // namespace unicore::platform
