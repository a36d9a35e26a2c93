// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <xen/xen.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace unicore::xen::guest {

namespace detail {

/// shared_info where what architectures add to it is nothing, as on Arm: Xen's header has empty structures for that,
/// which have no size in C, and some in C++. [Xen, xen/include/public/xen.h, shared_info]
struct PlainShared {
    struct {
        std::uint8_t evtchn_upcall_pending;
        std::uint8_t pad0;
        xen_ulong_t evtchn_pending_sel;
        vcpu_time_info time;
    } vcpu_info[XEN_LEGACY_MAX_VCPUS];
    xen_ulong_t evtchn_pending[sizeof(xen_ulong_t) * 8];
    xen_ulong_t evtchn_mask[sizeof(xen_ulong_t) * 8];
    std::uint32_t wc_version, wc_sec, wc_nsec, wc_sec_hi;
};
static_assert(offsetof(PlainShared, evtchn_pending) == XEN_LEGACY_MAX_VCPUS * 48);

}  // namespace detail

/// The page that hypervisor and domain share, as this architecture has it.
using Shared = std::conditional_t<std::is_empty_v<arch_shared_info>, detail::PlainShared, shared_info>;
using VcpuInfo = std::remove_reference_t<decltype(Shared::vcpu_info[0])>;

}  // namespace unicore::xen::guest
