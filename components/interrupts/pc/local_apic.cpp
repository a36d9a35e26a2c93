// SPDX-License-Identifier: BSD-3-Clause
#include "local_apic.hpp"

#include "vectors.hpp"

#include <unicore/arch/ports.hpp>

#include <initializer_list>

namespace unicore::interrupts::pc::local_apic {

void start() noexcept {
    if (!open()) return;
    // Interrupts are about to be let in, and firmware left the 8259 pair on the exceptions' vectors.
    for (const std::uint16_t mask_register : {0x21, 0xa1}) arch::ports::write8(mask_register, 0xff);  // [Intel 231468]
    arch::x86_64::set_interrupt_handler(spurious_vector, [] noexcept {});  // is not acknowledged
    write(Register::spurious_interrupt_vector, software_enable | spurious_vector);
}

}  // namespace unicore::interrupts::pc::local_apic
