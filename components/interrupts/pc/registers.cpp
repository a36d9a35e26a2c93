// SPDX-License-Identifier: BSD-3-Clause
#include "local_apic.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/x86_64/cpu.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/units.hpp>

#include <string_view>

namespace unicore::interrupts::pc::local_apic {
using namespace std::string_view_literals;
namespace {

namespace x86 = arch::x86_64;

/// Where the register page is; in x2APIC mode, which firmware may have left on, no page at all.
constexpr std::uintptr_t not_open = 0, model_specific = 1;
constinit std::uintptr_t registers = not_open;

volatile std::uint32_t& memory_mapped(Register which) noexcept {
    return *reinterpret_cast<volatile std::uint32_t*>(registers + static_cast<std::uint32_t>(which));
}

}  // namespace

bool open() noexcept {
    if (registers != not_open) return false;
    const Base base{x86::read_msr(Base::number)};
    if (base.x2apic()) {
        registers = model_specific;
    } else {
        registers = base.address();
        if (!base.enabled() || !arch::map({registers, page_size}, arch::Access::device)) panic("no local APIC"sv);
    }
    return true;
}

void write(Register which, std::uint32_t value) noexcept {
    if (registers == model_specific) x86::write_msr(model_specific_register(which), value);
    else memory_mapped(which) = value;
}

std::uint32_t read(Register which) noexcept {
    if (registers == model_specific) return static_cast<std::uint32_t>(x86::read_msr(model_specific_register(which)));
    return memory_mapped(which);
}

std::uint32_t id() noexcept { return registers == model_specific ? read(Register::id) : read(Register::id) >> 24; }

}  // namespace unicore::interrupts::pc::local_apic
