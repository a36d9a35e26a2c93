// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

namespace unicore::arch {

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool) noexcept {
    text::Report line("fault: ");
    line << what << " at " << text::Hex{address} << "\nunicore:   instruction="
         << text::Hex{registers.instruction} << " stack=" << text::Hex{registers.stack};
    line.print();
    panic_at(registers.instruction, 0, registers.stack);
}

}  // namespace unicore::arch
