// SPDX-License-Identifier: BSD-3-Clause
// Guests that get a device tree: QEMU's virt and its like, on Arm.
#include <unicore/arch/interrupt_flag.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/arch/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/boot/devicetree.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/console/pl011.hpp>
#include <unicore/platform.hpp>
#include <unicore/power/psci.hpp>

namespace unicore::platform {

void early_write(std::string_view text) noexcept { console::pl011::write(text); }

std::span<const MemoryRange> memory() noexcept { return boot::memory_map::ranges(); }

Result<MemoryRange> commit(MemoryRange range) noexcept { return arch::commit(range); }
Result<void> guard(MemoryRange stack, TakePage take_page) noexcept { return arch::guard(stack, take_page); }
MemoryRange first_stack() noexcept { return arch::first_stack(); }
void unguard(std::uintptr_t page) noexcept { arch::unguard(page); }

void halt(int /*status: only the console tells it*/) noexcept {
    power::psci::off();
    arch::InterruptFlag::save_and_mask();
    for (;;) arch::InterruptFlag::unmask_and_wait();
}

}  // namespace unicore::platform

extern "C" void unicore_platform_start(std::uintptr_t device_tree, std::uintptr_t image) noexcept {
    using namespace unicore;
    arch::start(image);
    boot::devicetree::start(device_tree, arch::loaded_image());
    boot::run();
}
