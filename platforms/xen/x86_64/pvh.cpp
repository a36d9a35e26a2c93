// SPDX-License-Identifier: BSD-3-Clause
// The start of a PVH domain.
#include "../xen.hpp"

#include <unicore/arch/x86_64/cpu.hpp>
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/boot/pvh.hpp>
#include <unicore/xen/hypercall.hpp>

#include <algorithm>
#include <iterator>
#include <span>

extern "C" {
extern const std::byte unicore_xen_gate_amd[], unicore_xen_gate_intel[];
extern const std::byte* unicore_xen_gate;
}

namespace unicore::platform::xen {
using namespace std::string_view_literals;
namespace {

namespace x86 = arch::x86_64;
namespace hypercall = unicore::xen::hypercall;

/// AMD's virtualisation or Intel's, by the vendor's last four characters: AuthenticAMD, HygonGenuine.
void open_gate() noexcept {
    const std::uint32_t vendor = x86::cpuid(0).ecx;
    unicore_xen_gate = vendor == 0x444d'4163 || vendor == 0x656e'6975 ? unicore_xen_gate_amd : unicore_xen_gate_intel;
}

/// The initial domain's start_info has none. [Xen, xen/include/public/memory.h, XENMEM_memory_map]
void ask_for_memory_map() noexcept {
    struct [[gnu::packed]] Entry {
        std::uint64_t address, size;
        std::uint32_t type;
    } entries[128];
    constexpr std::uint32_t ram = 1;
    xen_memory_map map{};
    map.nr_entries = std::size(entries);
    set_xen_guest_handle(map.buffer, static_cast<void*>(entries));
    if (hypercall::call(__HYPERVISOR_memory_op, XENMEM_memory_map, &map) < 0) panic("no memory map"sv);
    for (const Entry& entry : std::span(entries).first(std::min<std::size_t>(map.nr_entries, std::size(entries))))
        if (entry.type == ram) boot::memory_map::add(entry.address, entry.address + entry.size);
}

}  // namespace
}  // namespace unicore::platform::xen

extern "C" void unicore_platform_start(std::uintptr_t argument) noexcept {
    using namespace unicore::platform;
    xen::open_gate();
    const auto start = unicore::boot::pvh::start(argument);
    if (!start.has_memory_map) xen::ask_for_memory_map();
    xen::parameters.initial = (start.flags & SIF_INITDOMAIN) != 0;
    if (!xen::parameters.initial) xen::ask_for_connections();
    xen::share(0);
    unicore::boot::run();
}
