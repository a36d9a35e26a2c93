// SPDX-License-Identifier: BSD-3-Clause
#include "lines.hpp"

#include <unicore/arch/interrupt.hpp>
#include <unicore/arch/mips/cp0.hpp>
#include <unicore/platform/interrupts.hpp>

namespace unicore::interrupts {
namespace {

namespace cp0 = arch::mips;

struct Cpu {
    static constexpr unsigned shift = 8;  // Status.IM and Cause.IP
    static constexpr std::uint32_t all = 0xff << shift;

    static std::uint32_t pending() noexcept { return (cp0::CauseRegister::read() & all) >> shift; }
    static std::uint32_t mask() noexcept { return (cp0::Status::read() & all) >> shift; }
    static void set_mask(std::uint32_t bits) noexcept {
        cp0::Status::write((cp0::Status::read() & ~all) | bits << shift);
    }
};

constinit mips::Lines<Cpu> lines;

void handle() noexcept { lines.handle(); }

}  // namespace

Result<Line> Line::create(std::span<const std::uint32_t> specifier, Handler handler, void* context) noexcept {
    const std::uint32_t number = UNICORE_TRY(lines.number(specifier));
    const platform::MaskGuard masked;
    arch::interrupt_handler = handle;
    UNICORE_TRY(lines.take(number, handler, context));
    return Line(number);
}

void Line::release(std::uint32_t number) noexcept {
    const platform::MaskGuard masked;
    lines.release(number);
}

}  // namespace unicore::interrupts
