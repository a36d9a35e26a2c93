// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/time/pvclock/scale.hpp>

#include <cstdint>
#include <optional>

namespace unicore::time::pvclock {

/// What a hypervisor says of the time-stamp counter: at `timestamp` it was `system_time`
/// nanoseconds, and since then it is as `scale` has it. The hypervisor changes it at any time:
/// `version` is odd meanwhile, and another one afterwards. Xen and KVM
/// share the layout. [Xen, xen.h, vcpu_time_info; Linux, msr.rst, pvclock_vcpu_time_info]
struct PvclockTime {
    volatile std::uint32_t version = 0;
    std::uint32_t reserved = 0;
    volatile std::uint64_t timestamp = 0;
    volatile std::uint64_t system_time = 0;
    volatile std::uint32_t multiplier = 0;
    volatile std::int8_t shift = 0;
    volatile std::uint8_t flags = 0;  ///< 1: steady across CPUs. Not needed: there is one, and the result is clamped
    std::uint8_t reserved_after[2] = {};

    [[gnu::always_inline]] Scale scale() const noexcept { return {multiplier, shift}; }

    /// Nanoseconds, by the tick count that `cycles` yields; nothing when the hypervisor does not let
    /// it be read. A counter that lies before the timestamp counts as being there.
    template <typename Cycles>
    [[gnu::always_inline]] std::optional<std::uint64_t> read(Cycles cycles) const noexcept {
        constexpr int patience = 1000;  // it is written while this CPU stands still, so two would do
        for (int i = 0; i < patience; ++i) {
            const std::uint32_t before = version;
            const std::int64_t elapsed = static_cast<std::int64_t>(cycles() - timestamp);
            const std::uint64_t time =
                system_time + scale().nanoseconds(elapsed < 0 ? 0 : static_cast<std::uint64_t>(elapsed));
            if (before % 2 == 0 && before == version) return time;
        }
        return {};
    }
};
static_assert(sizeof(PvclockTime) == 32);

}  // namespace unicore::time::pvclock
