// SPDX-License-Identifier: BSD-3-Clause
#include "domain.hpp"

#include <unicore/arch/cycles.hpp>
#include <unicore/arch/generic_timer.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <cstdint>

namespace unicore::console::xen {

bool wanted() noexcept { return unicore::xen::guest::console().page != nullptr || unicore::xen::guest::initial(); }

/// On Arm the shared page does not tell the hypervisor's time, by which polling would end.
void pause() noexcept {
    const std::uint64_t start = arch::Cycles::read();
    const std::uint32_t step = arch::GenericTimer::frequency() / 1000;
    do unicore::xen::hypercall::yield();
    while (arch::Cycles::read() - start < step);
}

}  // namespace unicore::console::xen
