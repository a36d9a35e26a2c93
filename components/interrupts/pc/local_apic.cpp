// SPDX-License-Identifier: BSD-3-Clause
#include "local_apic.hpp"

#include "i8259.hpp"
#include "vectors.hpp"

namespace unicore::interrupts::pc::local_apic {

void start() noexcept {
    if (!open()) return;
    // Interrupts are about to be let in, and firmware left the 8259 pair on the exceptions' vectors.
    i8259::mask_all();
    arch::x86_64::set_interrupt_handler(spurious_vector, [] noexcept {});  // is not acknowledged
    write(Register::spurious_interrupt_vector, software_enable | spurious_vector);
}

}  // namespace unicore::interrupts::pc::local_apic
