// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>
#include <unicore/platform.hpp>

namespace unicore::arch {

void fault(const Registers& registers, std::string_view what, std::uintptr_t address, bool) noexcept {
    text::Line<256> line;
    line << "unicore: fault: " << what << " at " << text::Hex{address} << "\nunicore:   instruction="
         << text::Hex{registers.instruction} << " stack=" << text::Hex{registers.stack} << '\n';
    platform::early_write(line.view());
    panic_at(registers.instruction, 0, registers.stack);
}

}  // namespace unicore::arch
