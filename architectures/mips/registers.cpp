// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/link_register.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/arch/stack.hpp>
#include <unicore/base/panic.hpp>

#include <string_view>

namespace unicore::arch {
namespace {

constexpr std::uintptr_t call_size = 8;  // with its delay slot
constexpr std::uintptr_t largest_frame = 32 * 1024;  // that a prologue's one instruction makes

/// Where the chain of calls starts. A function that calls no other keeps its return address in $ra, and so does one
/// whose prologue has not come to an end; $fp may then be its caller's.
void begin(unicore::Fault& fault, std::uintptr_t link) noexcept {
    const auto found = Stack::prologue(fault.instruction);
    if (!found || (found->framed && found->return_address)) return;
    if (found->framed) {
        if (!found->frame_pointer || fault.frame - fault.stack >= largest_frame) return;  // broken: not to be read
        fault.frame = Stack::saved(fault.frame, *found->frame_pointer);
    }
    fault.link = link;
}

}  // namespace

void fault(const Registers& registers, const char* what, std::uintptr_t address, bool jumped) noexcept {
    using R = Registers;
    constexpr std::string_view names =
        "  at=  v0=  v1=  a0=  a1=  a2=  a3=  t0=  t1=  t2=  t3=  t4=  t5=  t6=  t7=  s0=  s1="
        "  s2=  s3=  s4=  s5=  s6=  s7=  t8=  t9=  k0=  k1=  gp=  sp=  fp=  ra=  hi=  lo= epc=";
    static_assert(names.size() == R::count * fault_name_width);
    const std::uintptr_t link = registers.value[R::link];
    const std::uintptr_t instruction = chain_start(jumped, registers.value[R::epc], link, call_size);
    unicore::Fault fault{what, address, instruction, registers.value[R::frame_pointer], registers.value[R::sp]};
    if (!jumped) begin(fault, link);
    unicore::fault(fault, names.data(), registers.value);
}

}  // namespace unicore::arch
