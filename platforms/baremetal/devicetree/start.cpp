// SPDX-License-Identifier: BSD-3-Clause
// Boards that get a device tree from their firmware.
#include <unicore/arch/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/boot/devicetree.hpp>
#include <unicore/console/pl011.hpp>
#include <unicore/platform.hpp>

void unicore::platform::early_write(std::string_view text) noexcept { console::pl011::write(text); }

extern "C" void unicore_platform_start(std::uintptr_t device_tree, std::uintptr_t image) noexcept {
    using namespace unicore;
    arch::start(image);
    boot::devicetree::start(device_tree, arch::loaded_image());
    boot::run();
}
