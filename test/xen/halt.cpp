// SPDX-License-Identifier: BSD-3-Clause
// A PVH domain's wait, when its interrupt comes between the instruction that lets interrupts in and the one that halts. CPUs
// do not do that; QEMU's emulation does when the hypervisor was asked in between. So the test makes the interrupt itself.
#include <unicore/arch/x86_64/vectors.hpp>
#include <unicore/console.hpp>

extern "C" {
extern const std::byte unicore_trap_entry[], unicore_xen_halt[];

/// Enters the interrupt as if the CPU had been about to halt, and returns when the wait is over.
void come_before_halt() noexcept;
}

asm(R"(
    .text
come_before_halt:
    mov  %rsp, %rcx           # where the function that waits would return to
    mov  %ss, %eax
    push %rax
    push %rcx
    pushf
    cli                       # as an interrupt gate does
    mov  %cs, %eax
    push %rax
    push $unicore_xen_halt
    push $32                  # the vector of events
    jmp  unicore_trap_entry
)");

static_assert(unicore::arch::x86_64::first_interrupt_vector == 32);

int main() {
    unicore::console::write("halt: an interrupt comes in front of it\n");
    come_before_halt();
    unicore::console::write("halt: the wait is over\n");
    return 0;
}
