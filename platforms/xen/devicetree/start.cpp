// SPDX-License-Identifier: BSD-3-Clause
// Domains on Arm: Linux's boot protocol, a device tree that names the hypervisor, addresses that it translates.
#include "../xen.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/boot/devicetree.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/console/pl011.hpp>
#include <unicore/console/xen.hpp>
#include <unicore/interrupts.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/hypercall.hpp>

#include <optional>

/// In its place the hypervisor puts the shared one.
alignas(unicore::page_size) constinit unsigned char unicore_xen_shared_info[unicore::page_size]{};

namespace unicore {
namespace platform {
namespace {

/// Where a domain without a console ring is heard: a UART that the hypervisor emulates, rather than its own console.
constinit bool uart = false;

constinit void (*upcall)() noexcept = nullptr;
constinit std::optional<interrupts::Line> line;

/// The interrupt by which events come. The hypervisor has it for each domain, but does not tell those about itself
/// that it makes without a dom0: theirs is the one of all domains that it lays out.
/// [Linux, Documentation/devicetree/bindings/arm/xen.txt; Xen, xen/include/public/arch-arm.h, GUEST_EVTCHN_PPI]
Result<bus::devicetree::InterruptSpecifier> upcall_interrupt() noexcept {
    if (const auto node = bus::devicetree::find("xen,xen")) return node->interrupt(0);
    constexpr std::uint32_t is_private = 1, number = 31 - 16, low_level = 8;
    return bus::devicetree::InterruptSpecifier{{is_private, number, low_level}, 3};
}

/// The UART first: where there is no hypervisor, it may be a real one, and tell.
void start() noexcept {
    using xen::parameters;
    uart = console::pl011::open();
    xen::ask_for_connections();
    if (parameters.console.page != nullptr) uart = false;
    parameters.initial = parameters.console.page == nullptr && !uart;
    xen::share(0);
}

}  // namespace

void early_write(std::string_view text) noexcept {
    if (uart) console::pl011::write(text);
    else console::xen::write(text);
}

Result<MemoryRange> commit(MemoryRange range) noexcept { return arch::commit(range); }
Result<void> guard(MemoryRange stack, TakePage take_page) noexcept { return arch::guard(stack, take_page); }
MemoryRange first_stack() noexcept { return arch::first_stack(); }
void unguard(std::uintptr_t page) noexcept { arch::unguard(page); }

void xen::share(std::uint64_t) noexcept {
    using namespace std::string_view_literals;
    if (!frames::place(unicore_xen_shared_info, XENMAPSPACE_shared_info, 0)) panic("no page shared with the hypervisor"sv);
}

xen_pfn_t xen::frames::number_of(const void* page) noexcept { return arch::physical_address(page) / page_size; }
bool xen::frames::take_away(void*) noexcept { return true; }
void xen::frames::forget(void*) noexcept {}
bool xen::frames::put(void*, xen_pfn_t) noexcept { return true; }

}  // namespace platform

namespace xen::guest {

bool paravirtual() noexcept { return false; }

Result<void> set_upcall(void (*to_call)() noexcept) noexcept {
    const auto specifier = UNICORE_TRY(platform::upcall_interrupt());
    platform::upcall = to_call;
    platform::line.emplace(
        UNICORE_TRY(interrupts::Line::create(specifier.view(), [](void*) noexcept { platform::upcall(); }, nullptr)));
    platform::Interrupts::restore(platform::Interrupts::State{});  // from here on also in images that never wait
    return {};
}

Result<void> place_grant_frame(unsigned index, void* page) noexcept {
    return platform::xen::frames::place(page, XENMAPSPACE_grant_table, index);
}

PageCount memory() noexcept { return boot::devicetree::memory(); }

/// All but the image's text is never executed.
void protect_foreign(std::span<void* const>) noexcept {}

xen_pfn_t frame_of(const void* page) noexcept { return platform::xen::frames::number_of(page); }

}  // namespace xen::guest
}  // namespace unicore

extern "C" void unicore_platform_start(std::uintptr_t device_tree, std::uintptr_t image) noexcept {
    using namespace unicore;
    arch::start(image);
    boot::devicetree::start(device_tree, arch::loaded_image());
    platform::start();
    boot::run();
}
