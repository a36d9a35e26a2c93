// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>

namespace unicore::arch {

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool) noexcept {
    const std::uintptr_t values[] = {registers.instruction, registers.stack, 0};
    unicore::fault({what, address, registers.instruction, 0, registers.stack}, "  pc=  sp=  fp=", values);
}

}  // namespace unicore::arch
