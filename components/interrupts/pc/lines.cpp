// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts/pc/lines.hpp>

#include "i8259.hpp"
#include "local_apic.hpp"
#include "vectors.hpp"

#include <unicore/platform/interrupts.hpp>

#include <initializer_list>

namespace unicore::interrupts::pc {
namespace {

constexpr std::uint8_t lines = 16;
constinit std::uint16_t taken = 0;
constinit bool started = false;

/// What runs for a line that nobody has: an 8259 presents its lowest line when the one that asked
/// for the interrupt has gone away. The first one wants no acknowledgement of that, but does not
/// know when it was the second's. [Intel 231468, "the interrupt request inputs"]
arch::x86_64::InterruptHandler idle_handler(std::uint8_t line) noexcept {
    switch (line) {
        case 7: return [] noexcept {};
        case 15: return [] noexcept { i8259::end_of_interrupt(i8259::cascade); };
        default: return nullptr;
    }
}

void start() noexcept {
    local_apic::start();
    i8259::start(isa_vector);
    for (const std::uint8_t line : {7, 15}) arch::x86_64::set_interrupt_handler(isa_vector + line, idle_handler(line));
    local_apic::write(local_apic::Register::lvt_lint0, local_apic::delivery_external);
    started = true;
}

}  // namespace

Result<Line> Line::create(IsaLine line, Handler handler) noexcept {
    if (line.number >= lines || line.number == i8259::cascade) return unexpected(Error::invalid_argument);
    const platform::MaskGuard masked;
    if ((taken >> line.number & 1) != 0) return unexpected(Error::busy);
    if (!started) start();
    taken = static_cast<std::uint16_t>(taken | 1 << line.number);
    arch::x86_64::set_interrupt_handler(isa_vector + line.number, handler);
    i8259::unmask(line.number);
    return Line(line);
}

void Line::disable(IsaLine line) noexcept {
    const platform::MaskGuard masked;
    i8259::mask(line.number);
    arch::x86_64::set_interrupt_handler(isa_vector + line.number, idle_handler(line.number));
    taken = static_cast<std::uint16_t>(taken & ~(1 << line.number));
}

void end_of_interrupt(IsaLine line) noexcept { i8259::end_of_interrupt(line.number); }

}  // namespace unicore::interrupts::pc
