// SPDX-License-Identifier: BSD-3-Clause
/// What the sources of this platform share.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/xen/guest.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::platform::xen {

namespace guest = unicore::xen::guest;

/// Which of the two entries it was. Set before anything else.
extern constinit bool pv_domain;

/// What the domain was started with, filled in by the entry.
struct Parameters {
    bool initial = false;
    guest::Connection console{};
    guest::Connection store{};
};
extern constinit Parameters parameters;

/// Brings in the shared page, in a PV domain the one at `machine_address`, with events masked.
void share(std::uint64_t machine_address) noexcept;

/// Has the hypervisor call Interrupts::arrive when events are pending. Errors: as it has them.
Result<void> open_upcalls() noexcept;

}  // namespace unicore::platform::xen
