// SPDX-License-Identifier: BSD-3-Clause
#include "exceptions.hpp"

#include <unicore/arch/access_fault.hpp>
#include <unicore/arch/interrupt.hpp>
#include <unicore/arch/preemption.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>

#include <string_view>

namespace unicore::arch {
using namespace std::string_view_literals;
namespace {

using aarch64::Syndrome;

const char* describe(Syndrome syndrome, std::uintptr_t address) noexcept {
    using Class = Syndrome::Class;
    const Class what = syndrome.what();
    if (what == Class::unknown || what == Class::breakpoint) return "invalid instruction";
    if (what == Class::system_error) return "system error";
    if (!syndrome.has_address()) return "exception";
    if (what != Class::data_abort) return describe(Attempt::execute, address);
    return describe(syndrome.write() ? Attempt::write : Attempt::read, address);
}

}  // namespace

extern "C" [[noreturn]] void unicore_exception(const Registers& registers) noexcept {
    Syndrome syndrome;
    std::uintptr_t address;
    asm volatile("mrs %0, esr_el1" : "=r"(syndrome.value));
    asm volatile("mrs %0, far_el1" : "=r"(address));
    if (!syndrome.has_address()) address = registers.value[Registers::pc];
    fault(registers, describe(syndrome, address), address, syndrome.what() == Syndrome::Class::instruction_abort);
}

[[gnu::weak]] void interrupt_ends() noexcept {}

extern "C" void unicore_interrupt() noexcept {
    if (interrupt_handler == nullptr) panic("interrupt without a handler"sv);
    interrupt_handler();
    interrupt_ends();
}

}  // namespace unicore::arch
