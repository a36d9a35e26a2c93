// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>

#include "xen.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/console/xen.hpp>
#include <unicore/platform/xen/shutdown.hpp>
#include <unicore/xen/hypercall.hpp>

namespace unicore {

constinit platform::xen::Parameters platform::xen::parameters{};
constinit unsigned platform::xen::shutdown_reason = SHUTDOWN_poweroff;

namespace platform {

std::span<const MemoryRange> memory() noexcept { return boot::memory_map::ranges(); }

/// The toolstack takes a domain away when it has stopped, so its last words must be read before.
void halt(int status) noexcept {
    console::xen::drain();
    sched_shutdown operation{};
    operation.reason = status == panic_status ? SHUTDOWN_crash : xen::shutdown_reason;
    for (;;) static_cast<void>(unicore::xen::hypercall::perform(operation));
}

}  // namespace platform

namespace xen::guest {

using platform::xen::parameters;

Shared& shared() noexcept { return *reinterpret_cast<Shared*>(unicore_xen_shared_info); }
bool initial() noexcept { return parameters.initial; }
Connection console() noexcept { return parameters.console; }
Connection store() noexcept { return parameters.store; }

}  // namespace xen::guest
}  // namespace unicore
