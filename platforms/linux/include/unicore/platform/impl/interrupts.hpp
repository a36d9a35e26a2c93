// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>

namespace unicore::platform {

/// Signals are this platform's interrupts. Masking them is a word in memory: the kernel delivers a
/// signal at any time, and while the word says masked, the handler only notes it. So a critical
/// section costs no system call, and one more look at a word when it ends.
struct Interrupts {
    enum class State : std::uint8_t { open, masked };

    static State save_and_mask() noexcept {
        const State saved = state_.load(std::memory_order_relaxed);
        mask();
        return saved;
    }
    static void mask() noexcept {
        state_.store(State::masked, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    static bool is_open(State saved) noexcept { return saved == State::open; }
    static void restore(State saved) noexcept {
        if (saved == State::open) open();
    }
    static void resumed() noexcept {}
    /// Called masked. One system call.
    static void unmask_and_wait() noexcept;

    /// Lets signals in, and handles those that came meanwhile.
    static void open() noexcept {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        state_.store(State::open, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (pending_.load(std::memory_order_relaxed) != 0) [[unlikely]] handle_pending();
    }

    /// For the signal handler: notes bit `signal`, and handles it if signals are let in.
    static void raise(int signal) noexcept;

private:
    static void handle_pending() noexcept;

    // Shared between one thread and the signal handlers that interrupt it, so relaxed suffices.
    static constinit std::atomic<State> state_;
    static constinit std::atomic<std::uint32_t> pending_;  // bit n: signal n
    static_assert(std::atomic<State>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free);
};

}  // namespace unicore::platform
