// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/impl/per_image.hpp>

#include <utility>

namespace unicore::platform {

/// A flag for each image, and what a test wants to happen when the mask opens.
struct Interrupts {
    using State = bool;

    static State save_and_mask() noexcept { return std::exchange(masked(), true); }
    static void open() noexcept { restore(false); }
    static bool is_open(State saved) noexcept { return !saved; }
    static void restore(State saved) noexcept {
        const bool opens = std::exchange(masked(), saved) && !saved;
        if (opens && opened() != nullptr) opened()();
    }
    static void resumed() noexcept {}
    static void unmask_and_wait() noexcept {
        masked() = false;
        if (arrive() != nullptr) arrive()();
        masked() = true;
    }

    static bool& masked() noexcept {
        static PerImage<bool> value;
        return *value;
    }
    /// Called by unmask_and_wait with the mask open, as an interrupt handler would be.
    static void (*&arrive() noexcept)() {
        static void (*value)() = nullptr;
        return value;
    }
    /// Called when the end of a masked section has opened the mask.
    static void (*&opened() noexcept)() {
        static void (*value)() = nullptr;
        return value;
    }
};

}  // namespace unicore::platform
