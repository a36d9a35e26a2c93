// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

namespace unicore::arch {

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool jumped) noexcept {
    text::Line line;
    line << "unicore: fault: " << what << " at " << text::Hex{address};
    // Three letters for each register, in the order of the record.
    static constexpr char names[] = "r15r14r13r12r11r10r9 r8 rdirsirbprbxrdxrcxraxriprspflg";
    static_assert(sizeof names == Registers::count * 3 + 1);
    for (unsigned i = 0; i < Registers::count; ++i) {
        line << (i % 3 == 0 ? "\nunicore:   " : " ") << std::string_view(names + 3 * i, 3) << "=" << text::Hex{registers.value[i]};
    }
    line.print();
    // A call to where no code is has left its return address on the stack.
    const std::uintptr_t stack = registers.value[Registers::rsp];
    panic_at(jumped ? *reinterpret_cast<const std::uintptr_t*>(stack) - 1 : registers.value[Registers::rip],
             registers.value[Registers::rbp], stack);
}

}  // namespace unicore::arch
