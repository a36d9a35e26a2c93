// SPDX-License-Identifier: BSD-3-Clause
// How the hypervisor calls when events are pending: a PV domain at an address, a PVH domain through
// an interrupt vector.
#include "../xen.hpp"

#include <unicore/arch/x86_64/vectors.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/hypercall.hpp>

#include <xen/callback.h>

extern "C" {
extern const std::byte unicore_xen_pv_upcall[];
extern const std::byte unicore_xen_halt[];
void unicore_xen_handle() noexcept { unicore::platform::Interrupts::handle(); }
}

namespace unicore::platform::xen {

namespace hypercall = unicore::xen::hypercall;

namespace {

/// Has the hypervisor call Interrupts::arrive when events are pending. Errors: as it has them.
Result<void> open_upcalls() noexcept {
    if (pv_domain) {
        callback_register operation{};
        operation.type = CALLBACKTYPE_event;
        operation.address = reinterpret_cast<std::uintptr_t>(unicore_xen_pv_upcall);
        return hypercall::perform(__HYPERVISOR_callback_op, CALLBACKOP_register, &operation);
    }
    constexpr std::uint8_t vector = arch::x86_64::first_interrupt_vector;
    constexpr std::uint64_t by_vector = std::uint64_t{HVM_PARAM_CALLBACK_TYPE_VECTOR} << 56;
    arch::x86_64::platform_halt = unicore_xen_halt;
    arch::x86_64::set_interrupt_handler(vector, Interrupts::arrive);
    xen_hvm_param operation{.domid = DOMID_SELF, .pad = 0, .index = HVM_PARAM_CALLBACK_IRQ, .value = by_vector | vector};
    UNICORE_TRY(hypercall::perform(__HYPERVISOR_hvm_op, HVMOP_set_param, &operation));
    asm volatile("sti" : : : "memory");
    return {};
}

}  // namespace
}  // namespace unicore::platform::xen

unicore::Result<void> unicore::xen::guest::set_upcall(void (*upcall)() noexcept) noexcept {
    UNICORE_TRY(platform::xen::open_upcalls());
    platform::Interrupts::start(upcall);
    return {};
}
