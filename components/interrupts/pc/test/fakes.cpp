// SPDX-License-Identifier: BSD-3-Clause
#include "fakes.hpp"

#include <unicore/arch/ports.hpp>

#include <algorithm>

namespace unicore::test {
namespace {

Machine the_machine;

I8259* controller(std::uint16_t port) {
    switch (port & ~1) {
        case 0x20: return &the_machine.master;
        case 0xa0: return &the_machine.slave;
        default: return nullptr;
    }
}

}  // namespace

Machine& machine() {
    arch::ports::model = {[](std::uint16_t port, unsigned) noexcept -> std::uint32_t {
                              I8259* const it = controller(port);
                              return it != nullptr && port % 2 == 1 ? it->mask : 0xff;
                          },
                          [](std::uint16_t port, std::uint32_t value, unsigned) noexcept {
                              if (I8259* const it = controller(port))
                                  it->write(port % 2 == 1, static_cast<std::uint8_t>(value));
                          }};
    return the_machine;
}

void I8259::write(bool data, std::uint8_t value) {
    if (!data && (value & 0x10) != 0) {  // ICW1
        if (value != 0x11) wrong += "ICW1 is not: cascaded, edge, with ICW4; ";
        words_to_come = 3;
        mask = in_service = 0;
    } else if (!data) {  // OCW2
        if ((value & 0xf8) != 0x60) wrong += "OCW2 is not a specific end of interrupt; ";
        in_service = static_cast<std::uint8_t>(in_service & ~(1 << (value & 7)));
    } else {
        switch (words_to_come) {
            case 3: vector = value; break;
            case 2: connection = value; break;
            case 1: mode = value; break;
            default: mask = value;
        }
        if (words_to_come > 0) --words_to_come;
    }
}

std::uint32_t Machine::value_of(interrupts::pc::local_apic::Register which) const {
    const auto last = std::find_if(written.rbegin(), written.rend(), [&](auto& entry) { return entry.first == which; });
    return last == written.rend() ? 0xdead : last->second;
}

bool Machine::was_written(interrupts::pc::local_apic::Register which) const {
    return std::ranges::any_of(written, [&](auto& entry) { return entry.first == which; });
}

void Machine::interrupt(std::uint8_t line) {
    I8259& its = line < 8 ? master : slave;
    if ((its.mask >> line % 8 & 1) != 0) return;
    if (line >= 8 && (master.mask >> 2 & 1) != 0) return;
    its.in_service = static_cast<std::uint8_t>(its.in_service | 1 << line % 8);
    if (line >= 8) master.in_service = static_cast<std::uint8_t>(master.in_service | 1 << 2);
    handlers.at(static_cast<std::size_t>(its.vector + line % 8))();
}

}  // namespace unicore::test

// Declared here: that architecture's headers would take the place of the host's.
namespace unicore::arch::x86_64 {
void set_interrupt_handler(std::uint8_t vector, void (*handler)() noexcept) noexcept {
    test::machine().handlers.at(vector) = handler;
}
}  // namespace unicore::arch::x86_64

namespace unicore::interrupts::pc::local_apic {

bool open() noexcept { return ++test::machine().opened == 1; }

void write(Register which, std::uint32_t value) noexcept { test::machine().written.emplace_back(which, value); }

std::uint32_t read(Register which) noexcept {
    return which == Register::timer_current_count ? test::machine().current_count : 0xdead;
}

std::uint32_t id() noexcept { return 0; }

}  // namespace unicore::interrupts::pc::local_apic
