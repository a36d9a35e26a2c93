// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/boot/multiboot2.hpp>
#include <unicore/console/ns16550.hpp>
#include <unicore/platform.hpp>

namespace unicore::platform {

void early_write(std::string_view text) noexcept { console::ns16550::write(text); }

}  // namespace unicore::platform

extern "C" void unicore_platform_start(std::uintptr_t argument) noexcept {
    unicore::boot::multiboot2::start(argument);
    unicore::boot::run();
}
