// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/cycles.hpp>
#include <unicore/time/pvclock.hpp>
#include <unicore/xen/guest.hpp>

#include <cstdint>
#include <optional>

namespace unicore::time::xen {

/// Nanoseconds of system time, since the hypervisor started; nothing when the shared page is never in
/// a state to be read. [Xen, xen/include/public/xen.h, vcpu_time_info]
[[gnu::always_inline]] inline std::optional<std::uint64_t> system_time() noexcept {
    const auto& page = reinterpret_cast<const pvclock::PvclockTime&>(unicore::xen::guest::shared().vcpu_info[0].time);
    return page.read([] { return arch::Cycles::read(); });
}

}  // namespace unicore::time::xen
