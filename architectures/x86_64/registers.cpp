// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>

#include <string_view>

namespace unicore::arch {

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool jumped) noexcept {
    constexpr std::string_view names =
        " r15= r14= r13= r12= r11= r10= r9 = r8 = rdi= rsi= rbp= rbx= rdx= rcx= rax= rip= rsp= flg=";
    static_assert(names.size() == Registers::count * fault_name_width);
    const std::uintptr_t stack = registers.value[Registers::rsp];
    // A call to where no code is has left its return address on the stack.
    const std::uintptr_t instruction =
        jumped ? *reinterpret_cast<const std::uintptr_t*>(stack) - 1 : registers.value[Registers::rip];
    unicore::fault({what, address, instruction, registers.value[Registers::rbp], stack}, names.data(), registers.value);
}

}  // namespace unicore::arch
