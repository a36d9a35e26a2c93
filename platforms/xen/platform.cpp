// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>

#include "xen.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/console/xen.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/xen/shutdown.hpp>
#include <unicore/xen/hypercall.hpp>

namespace unicore {

constinit bool platform::xen::pv_domain = false;
constinit platform::xen::Parameters platform::xen::parameters{};
constinit unsigned platform::xen::shutdown_reason = SHUTDOWN_poweroff;

namespace platform {

void early_write(std::string_view text) noexcept { console::xen::write(text); }

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

shared_info& shared() noexcept { return *reinterpret_cast<shared_info*>(unicore_xen_shared_info); }
bool paravirtual() noexcept { return platform::xen::pv_domain; }
bool initial() noexcept { return parameters.initial; }
Connection console() noexcept { return parameters.console; }
Connection store() noexcept { return parameters.store; }

Result<void> set_upcall(void (*upcall)() noexcept) noexcept {
    UNICORE_TRY(platform::xen::open_upcalls());
    platform::Interrupts::start(upcall);
    return {};
}

}  // namespace xen::guest
}  // namespace unicore
