// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>

namespace unicore::arch {

/// Barriers stand where the order of two parties' accesses matters: there a test can let the other go on.
struct Barriers {
    static void full() noexcept {
        std::atomic_thread_fence(std::memory_order_seq_cst);
        passed();
    }
    static void read() noexcept {
        std::atomic_thread_fence(std::memory_order_acquire);
        passed();
    }
    static void write() noexcept {
        std::atomic_thread_fence(std::memory_order_release);
        passed();
    }
    static void relax() noexcept { passed(); }

    /// What a test wants to happen at each of them.
    static inline constinit void (*test_passed)() = nullptr;

private:
    static void passed() noexcept {
        if (test_passed != nullptr) test_passed();
    }
};

}  // namespace unicore::arch
