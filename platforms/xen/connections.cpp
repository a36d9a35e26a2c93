// SPDX-License-Identifier: BSD-3-Clause
// Console and store of a domain that asks for them: PVH, and Arm.
#include "xen.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/xen/hypercall.hpp>

namespace unicore::platform::xen {
namespace {

namespace hypercall = unicore::xen::hypercall;

std::uint64_t parameter(std::uint32_t index) noexcept {
    xen_hvm_param operation{.domid = DOMID_SELF, .pad = 0, .index = index, .value = 0};
    return hypercall::call(__HYPERVISOR_hvm_op, HVMOP_get_param, &operation) < 0 ? 0 : operation.value;
}

/// None where the frame is zero or cannot be mapped: a service that is still to come has all bits set.
guest::Connection connection(std::uint32_t frame, std::uint32_t port) noexcept {
    const std::uint64_t number = parameter(frame);
    const std::uint64_t page = number * page_size;
    if (number == 0 || !arch::map_around(page, page_size, arch::Access::read_write)) return {};
    return {reinterpret_cast<void*>(static_cast<std::uintptr_t>(page)), static_cast<evtchn_port_t>(parameter(port))};
}

}  // namespace

void ask_for_connections() noexcept {
    parameters.console = connection(HVM_PARAM_CONSOLE_PFN, HVM_PARAM_CONSOLE_EVTCHN);
    parameters.store = connection(HVM_PARAM_STORE_PFN, HVM_PARAM_STORE_EVTCHN);
}

}  // namespace unicore::platform::xen
