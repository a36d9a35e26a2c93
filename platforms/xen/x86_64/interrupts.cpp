// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform/interrupts.hpp>

#include "../xen.hpp"

#include <unicore/arch/preemption.hpp>
#include <unicore/xen/hypercall.hpp>

extern "C" void unicore_xen_open_and_halt() noexcept;

namespace unicore::platform {
namespace {

constinit void (*upcall)() noexcept = nullptr;

}  // namespace

constinit volatile std::uint8_t Interrupts::deferred_ = 0;

void Interrupts::start(void (*to_call)() noexcept) noexcept {
    upcall = to_call;
    open();
}

void Interrupts::arrive() noexcept {
    if (mask_byte() != 0) {
        pending_byte() = 0;
        deferred_ = 1;
        return;
    }
    handle_pending();
}

void Interrupts::handle() noexcept {
    upcall();
    arch::interrupt_ends();
}

void Interrupts::resumed() noexcept {
    if (!xen::pv_domain) asm volatile("sti" : : : "memory");
}

void Interrupts::handle_pending() noexcept {
    do {
        mask();
        deferred_ = 0;
        upcall();
        arch::interrupt_ends();
        std::atomic_signal_fence(std::memory_order_seq_cst);
        mask_byte() = static_cast<std::uint8_t>(State::open);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        // What came before the store did not interrupt.
    } while ((pending_byte() | deferred_) != 0);
}

void Interrupts::handle_waiting() noexcept {
    handle_pending();
    resumed();
}

void Interrupts::unmask_and_wait() noexcept {
    if (xen::pv_domain) {
        unicore::xen::hypercall::block();  // opens the mask and sleeps in one step
        open();  // the hypervisor may have left it to us to look
    } else {
        // No event is taken between here and the halt, which lets them in.
        asm volatile("cli" : : : "memory");
        mask_byte() = static_cast<std::uint8_t>(State::open);
        if ((pending_byte() | deferred_) == 0) {
            unicore_xen_open_and_halt();
        } else {
            asm volatile("sti" : : : "memory");
            open();
        }
    }
    mask();
}

}  // namespace unicore::platform
