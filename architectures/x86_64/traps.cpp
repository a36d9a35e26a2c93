// SPDX-License-Identifier: BSD-3-Clause
#include "gate.hpp"

#include <unicore/arch/access_fault.hpp>
#include <unicore/arch/preemption.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/arch/x86_64/vectors.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

extern "C" {
extern const std::byte unicore_trap_entries[];
}

[[gnu::weak]] void unicore::arch::interrupt_ends() noexcept {}

namespace unicore::arch::x86_64 {
using namespace std::string_view_literals;
namespace {

constexpr std::size_t exceptions = first_interrupt_vector;
constexpr std::size_t vectors = exceptions + interrupt_vectors;
constexpr std::size_t entry_size = 4;  // in traps.S

constinit Gate gates[vectors]{};
constinit InterruptHandler handlers[interrupt_vectors]{};

/// [Intel SDM vol. 2A, LIDT]
constexpr struct [[gnu::packed]] {
    std::uint16_t limit;
    const Gate* base;
} gates_register{sizeof gates - 1, gates};

/// What traps.S leaves on the stack: general registers, the vector, then the CPU's part, with or
/// without an error code before it.
struct Trap {
    std::uint64_t registers[Registers::general];
    std::uint64_t vector;
    std::uint64_t cpu[6];
};

std::uintptr_t fault_address() noexcept {
    std::uintptr_t address;
    asm volatile("mov %%cr2, %0" : "=r"(address));
    return address;
}

const char* describe(std::size_t vector, std::uint64_t error, std::uintptr_t address) noexcept {
    if (vector == page_fault) {
        if ((error & page_fault_fetch) != 0) return describe(Attempt::execute, address);
        return describe((error & page_fault_write) != 0 ? Attempt::write : Attempt::read, address);
    }
    static constexpr struct {
        std::uint8_t vector;
        char name[20];
    } named[] = {{0, "divide error"}, {6, "invalid instruction"}, {8, "double fault"}, {13, "general protection"}};
    for (const auto& each : named)
        if (each.vector == vector) return each.name;
    return "exception";
}

[[noreturn]] void exception(const Trap& trap) noexcept {
    const std::uint64_t vector = trap.vector;
    const bool has_error = (vectors_with_error >> vector & 1) != 0;
    const std::uint64_t* const frame = trap.cpu + (has_error ? 1 : 0);
    Registers registers;
    std::memcpy(registers.value, trap.registers, sizeof trap.registers);
    registers.value[Registers::rip] = frame[0];
    registers.value[Registers::rflags] = frame[2];
    registers.value[Registers::rsp] = frame[3];
    const std::uintptr_t address = vector == page_fault ? fault_address() : frame[0];
    fault(registers, describe(vector, trap.cpu[0], address), address,
          vector == page_fault && (trap.cpu[0] & page_fault_fetch) != 0);
}

extern "C" void unicore_trap(Trap& trap) noexcept {
    if (trap.vector < exceptions) exception(trap);
    const InterruptHandler handler = handlers[trap.vector - exceptions];
    if (handler == nullptr) panic("interrupt without a handler"sv);
    handler();
    if (platform_halt == nullptr) interrupt_ends();
    else if (trap.cpu[0] == reinterpret_cast<std::uintptr_t>(platform_halt)) ++trap.cpu[0];  // HLT has one byte
}

}  // namespace

void set_interrupt_handler(std::uint8_t vector, InterruptHandler handler) noexcept {
    UNICORE_ASSERT(vector >= first_interrupt_vector && vector < vectors);
    handlers[vector - first_interrupt_vector] = handler;
}

void load_descriptor_tables() noexcept {
    for (std::size_t vector = 0; vector < vectors; ++vector)
        gates[vector] = Gate::create(reinterpret_cast<std::uintptr_t>(unicore_trap_entries) + vector * entry_size,
                                     vectors_on_emergency_stack >> vector & 1);
    asm volatile("lidt %0" : : "m"(gates_register), "m"(gates));
}

}  // namespace unicore::arch::x86_64
