// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts/pc/lines.hpp>

#include "local_apic.hpp"
#include "vectors.hpp"

#include <unicore/interrupts/isa.hpp>
#include <unicore/platform/interrupts.hpp>

namespace unicore::interrupts::pc {
namespace {

constexpr std::uint8_t lines = 16;
constinit std::uint16_t taken = 0;
constinit bool started = false;
constinit isa::Delivery delivery{};

void end_message() noexcept { local_apic::write(local_apic::Register::end_of_interrupt, 0); }

/// What runs for a line that nobody has. A message may have been under way when its line was masked. An
/// 8259 presents its lowest line when the one that asked for the interrupt has gone away; the first one wants no
/// acknowledgement of that, but does not know when it was the second's. [Intel 231468, "the interrupt request inputs"]
arch::x86_64::InterruptHandler idle_handler(std::uint8_t line) noexcept {
    if (delivery == isa::Delivery::message) return end_message;
    switch (line) {
        case 7: return [] noexcept {};
        case 15: return [] noexcept { isa::end_of_interrupt(isa::cascade); };
        default: return nullptr;
    }
}

Result<void> start() noexcept {
    local_apic::start();
    delivery = UNICORE_TRY(isa::start(isa_vector, local_apic::id()));
    for (std::uint8_t line = 0; line < lines; ++line)
        arch::x86_64::set_interrupt_handler(isa_vector + line, idle_handler(line));
    // The 8259 pair, which is masked, has no say where lines come as messages.
    local_apic::write(local_apic::Register::lvt_lint0,
                      delivery == isa::Delivery::external ? local_apic::delivery_external : local_apic::masked);
    started = true;
    return {};
}

}  // namespace

Result<Line> Line::create(IsaLine line, Handler handler) noexcept {
    if (line.number >= lines || line.number == isa::cascade) return unexpected(Error::invalid_argument);
    const platform::MaskGuard masked;
    if ((taken >> line.number & 1) != 0) return unexpected(Error::busy);
    if (!started) UNICORE_TRY(start());
    taken = static_cast<std::uint16_t>(taken | 1 << line.number);
    arch::x86_64::set_interrupt_handler(isa_vector + line.number, handler);
    isa::unmask(line.number);
    return Line(line);
}

void Line::disable(IsaLine line) noexcept {
    const platform::MaskGuard masked;
    isa::mask(line.number);
    arch::x86_64::set_interrupt_handler(isa_vector + line.number, idle_handler(line.number));
    taken = static_cast<std::uint16_t>(taken & ~(1 << line.number));
}

void end_of_interrupt(IsaLine line) noexcept {
    if (delivery == isa::Delivery::external) isa::end_of_interrupt(line.number);
    else end_message();
}

}  // namespace unicore::interrupts::pc
