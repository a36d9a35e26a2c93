// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>

/// The page that hypervisor and domain share; its first bytes are the first vCPU's pending flag and mask.
/// [Xen, xen/include/public/xen.h, shared_info, vcpu_info]
extern "C" unsigned char unicore_xen_shared_info[];

namespace unicore::platform {

/// Event channels are this platform's interrupts. Masking them is a byte in the shared page, which the
/// hypervisor looks at before it calls a PV domain, and our own entry in a PVH domain: a critical
/// section costs no hypercall, and one more look at the page when it ends.
struct Interrupts {
    enum class State : std::uint8_t { open, masked };

    static State save_and_mask() noexcept {
        const State saved = static_cast<State>(mask_byte());
        mask();
        return saved;
    }
    static void open() noexcept {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        mask_byte() = static_cast<std::uint8_t>(State::open);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if ((pending_byte() | deferred_) != 0) [[unlikely]]
            handle_waiting();
    }
    static bool is_open(State saved) noexcept { return saved == State::open; }
    static void restore(State saved) noexcept {
        if (saved == State::open) open();
    }
    /// In a PVH domain the CPU masks its own interrupts while one is handled.
    static void resumed() noexcept;
    /// Called masked, after `start`.
    static void unmask_and_wait() noexcept;

    /// Lets events in for the first time; `upcall` handles all that are pending.
    static void start(void (*upcall)() noexcept) noexcept;

    /// For the entry of events of a PVH domain: handles them unless they are masked.
    static void arrive() noexcept;

    /// For that of a PV domain, where they only come when they are not masked, and are then: handles them.
    static void handle() noexcept;

private:
    static volatile std::uint8_t& pending_byte() noexcept { return unicore_xen_shared_info[0]; }
    static volatile std::uint8_t& mask_byte() noexcept { return unicore_xen_shared_info[1]; }

    static void mask() noexcept {
        mask_byte() = static_cast<std::uint8_t>(State::masked);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    static void handle_pending() noexcept;
    /// The same where the mask opens: others may have run, and one that the CPU interrupted came back here.
    static void handle_waiting() noexcept;

    /// An event came to a PVH domain while it was masked. The flag in the shared page is cleared then, or
    /// the hypervisor would interrupt again at once.
    static constinit volatile std::uint8_t deferred_;
};

}  // namespace unicore::platform
