// SPDX-License-Identifier: BSD-3-Clause
// The start of a PV domain.
#include "../xen.hpp"
#include "pv_tables.hpp"

#include <unicore/base/boot.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/boot/command_line.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/console/xen.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/hypercall.hpp>

extern "C" {
extern std::byte unicore_image_first[];
extern const std::byte unicore_xen_pv_traps[];
}

namespace unicore::platform {

void early_write(std::string_view text) noexcept { console::xen::write(text); }

}  // namespace unicore::platform

bool unicore::xen::guest::paravirtual() noexcept { return platform::xen::pv_domain; }

namespace unicore::platform::xen {

constinit bool pv_domain = false;

namespace {

namespace hypercall = unicore::xen::hypercall;

guest::Connection connection(xen_pfn_t machine_frame, evtchn_port_t port) noexcept {
    return {unicore_image_first + machine_to_phys_mapping[machine_frame] * page_size, port};
}

/// Exceptions mask events: they end in a panic.
void set_traps() noexcept {
    constexpr unsigned count = 20;
    constexpr std::size_t entry_size = 4;  // of pv.S
    constexpr std::uint8_t masks_events = 4;
    static constinit trap_info table[count + 1]{};
    for (unsigned vector = 0; vector != count; ++vector)
        table[vector] = {static_cast<std::uint8_t>(vector), masks_events, FLAT_KERNEL_CS,
                         reinterpret_cast<std::uintptr_t>(unicore_xen_pv_traps) + vector * entry_size};
    hypercall::call(__HYPERVISOR_set_trap_table, table);
}

void take(const start_info& info) noexcept {
    parameters.initial = (info.flags & SIF_INITDOMAIN) != 0;
    if (!parameters.initial) {
        parameters.console = connection(info.console.domU.mfn, info.console.domU.evtchn);
        parameters.store = connection(info.store_mfn, info.store_evtchn);
    }
    const std::uintptr_t base = reinterpret_cast<std::uintptr_t>(unicore_image_first);
    // All below the end of the page tables is the image's or the builder's.
    boot::memory_map::add(info.pt_base + info.nr_pt_frames * page_size, base + info.nr_pages * page_size);
    boot::command_line::take(reinterpret_cast<const char*>(info.cmd_line), MAX_GUEST_CMDLINE);
}

}  // namespace
}  // namespace unicore::platform::xen

extern "C" [[noreturn]] void unicore_xen_pv_start(const start_info& info) noexcept {
    using namespace unicore::platform;
    xen::pv_domain = true;
    xen::pv::start(info);
    xen::set_traps();
    xen::take(info);
    xen::pv::protect();
    xen::share(info.shared_info);
    unicore::boot::run();
}
