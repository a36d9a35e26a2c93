// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/mips/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/boot/yamon.hpp>
#include <unicore/console/ns16550.hpp>
#include <unicore/platform.hpp>

void unicore::platform::early_write(std::string_view text) noexcept { console::ns16550::write(text); }

extern "C" void unicore_platform_start(std::uint32_t a0, std::uint32_t a1, std::uint32_t a2,
                                       std::uint32_t a3) noexcept {
    using namespace unicore;
    arch::mips::require_protection();
    boot::yamon::start({a0, a1, a2, a3}, arch::mips::loaded_image());
    boot::run();
}
