// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/link_register.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/base/panic.hpp>

#include <string_view>

namespace unicore::arch {

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool jumped) noexcept {
    using R = Registers;
    constexpr std::string_view names =
        "  x0=  x1=  x2=  x3=  x4=  x5=  x6=  x7=  x8=  x9= x10= x11= x12= x13= x14= x15= x16="
        " x17= x18= x19= x20= x21= x22= x23= x24= x25= x26= x27= x28=  fp=  lr=  sp=  pc= psr=";
    static_assert(names.size() == R::count * fault_name_width);
    const std::uintptr_t instruction = chain_start(jumped, registers.value[R::pc], registers.value[R::link], 4);
    unicore::fault({what, address, instruction, registers.value[R::frame_pointer], registers.value[R::sp]}, names.data(),
                   registers.value);
}

}  // namespace unicore::arch
