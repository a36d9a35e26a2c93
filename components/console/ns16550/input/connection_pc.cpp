// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"

#include <unicore/base/late.hpp>
#include <unicore/interrupts/pc/lines.hpp>

namespace unicore::console::ns16550::input {
namespace {

namespace pc = interrupts::pc;

constexpr pc::IsaLine com1{4};

constinit void (*receive)() noexcept = nullptr;
constinit Late<pc::Line> line;  // for ever

}  // namespace

Result<void> connect(void (*handler)() noexcept) noexcept {
    receive = handler;
    line.construct(UNICORE_TRY(pc::Line::create(com1, [] noexcept {
        receive();
        pc::end_of_interrupt(com1);
    })));
    return {};
}

}  // namespace unicore::console::ns16550::input
