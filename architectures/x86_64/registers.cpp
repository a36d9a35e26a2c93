// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

namespace unicore::arch {

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool jumped) noexcept {
    text::Report line("fault: ");
    line << what << " at " << text::Hex{address};
    // Three to a line, in the order of the record.
    constexpr std::string_view names =
        " r15= r14= r13= r12= r11= r10= r9 = r8 = rdi= rsi= rbp= rbx= rdx= rcx= rax= rip= rsp= flg=";
    constexpr unsigned width = 5, columns = 3;
    static_assert(names.size() == Registers::count * width && Registers::count % columns == 0);
    const std::uint64_t* value = registers.value;
    for (const char* name = names.data(); *name != '\0';) {
        line << "\nunicore:  ";
        for (unsigned column = 0; column < columns; ++column, name += width)
            line << std::string_view(name, width) << text::Hex{*value++};
    }
    line.print();
    // A call to where no code is has left its return address on the stack.
    const std::uintptr_t stack = registers.value[Registers::rsp];
    panic_at(jumped ? *reinterpret_cast<const std::uintptr_t*>(stack) - 1 : registers.value[Registers::rip],
             registers.value[Registers::rbp], stack);
}

}  // namespace unicore::arch
