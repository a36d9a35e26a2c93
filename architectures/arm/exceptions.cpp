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

using arm::Exception;
using arm::FaultStatus;

}  // namespace

extern "C" [[noreturn]] void unicore_exception(const Registers& registers, Exception exception) noexcept {
    FaultStatus status{};
    std::uintptr_t address = registers.value[Registers::pc];
    if (exception == Exception::undefined) fault(registers, "invalid instruction", address, false);
    const bool jumped = exception == Exception::prefetch_abort;
    if (jumped) asm volatile("mrc p15, 0, %0, c5, c0, 1" : "=r"(status.value));  // IFSR
    else asm volatile("mrc p15, 0, %0, c5, c0, 0" : "=r"(status.value));         // DFSR
    if (!status.has_address()) fault(registers, "system error", address, false);
    if (jumped) asm volatile("mrc p15, 0, %0, c6, c0, 2" : "=r"(address));  // IFAR
    else asm volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(address));         // DFAR
    const Attempt attempt = jumped ? Attempt::execute : status.write() ? Attempt::write : Attempt::read;
    fault(registers, describe(attempt, address), address, jumped);
}

[[gnu::weak]] void interrupt_ends() noexcept {}

extern "C" void unicore_interrupt() noexcept {
    if (interrupt_handler == nullptr) panic("interrupt without a handler"sv);
    interrupt_handler();
    interrupt_ends();
}

}  // namespace unicore::arch
