// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/link_register.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>

#include <string_view>

namespace unicore::arch {

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool jumped) noexcept {
    using R = Registers;
    constexpr std::string_view others = "  fp= r12=  sp=  lr=  pc= psr=";
    constexpr unsigned numbered = R::frame_pointer;
    static_assert(others.size() == (R::count - numbered) * fault_name_width);
    const std::uintptr_t instruction = chain_start(jumped, registers.value[R::pc], registers.value[R::link], 4);
    unicore::fault({what, address, instruction, registers.value[R::frame_pointer], registers.value[R::sp]},
                   {numbered, " r", others.data()}, registers.value);
}

}  // namespace unicore::arch
