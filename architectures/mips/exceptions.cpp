// SPDX-License-Identifier: BSD-3-Clause
#include "exceptions.hpp"

#include <unicore/arch/interrupt.hpp>
#include <unicore/arch/preemption.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>

#include <string_view>

namespace unicore::arch {
using namespace std::string_view_literals;
namespace {

using mips::Cause;

/// Of exceptions that have no address.
const char* describe(Cause::Code code) noexcept {
    switch (code) {
        case Cause::Code::bus_fetch:
        case Cause::Code::bus_data: return "bus error";
        case Cause::Code::system_call:
        case Cause::Code::breakpoint:
        case Cause::Code::reserved_instruction:
        case Cause::Code::coprocessor_unusable: return "invalid instruction";
        case Cause::Code::overflow:
        case Cause::Code::trap:  // what compilers put behind a division
        case Cause::Code::floating_point: return "divide error";
        default: return "exception";
    }
}

}  // namespace

extern "C" [[noreturn]] void unicore_exception(const Registers& registers, Cause cause,
                                               std::uintptr_t address) noexcept {
    const std::uintptr_t instruction = registers.value[Registers::epc];
    if (!cause.has_address()) fault(registers, describe(cause.code()), instruction, false);
    const Attempt attempt = cause.attempt(instruction, address);
    fault(registers, describe(attempt, address), address, attempt == Attempt::execute);
}

[[gnu::weak]] void interrupt_ends() noexcept {}

extern "C" void unicore_interrupt() noexcept {
    if (interrupt_handler == nullptr) panic("interrupt without a handler"sv);
    interrupt_handler();
    interrupt_ends();
}

}  // namespace unicore::arch
