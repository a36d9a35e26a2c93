// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/device_access.hpp>
#include <unicore/arch/interrupt.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/interrupts.hpp>
#include <unicore/platform/interrupts.hpp>

#include <array>

namespace unicore::interrupts {
namespace {

/// Offsets of the first core's registers. [QA7, 3]
constexpr std::uint32_t timer_control = 0x40, source = 0x60;
constexpr std::uint32_t timers = 4;

struct Entry {
    Handler handler;
    void* context;
};
constinit std::array<Entry, timers> lines{};
constinit std::uintptr_t base = 0;

std::uint32_t read(std::uint32_t offset) noexcept { return arch::DeviceAccess::read32(base, offset); }
void write(std::uint32_t offset, std::uint32_t value) noexcept { arch::DeviceAccess::write32(base, offset, value); }

/// The sources are level-triggered: what is pending after its handler ran interrupts again.
void handle() noexcept {
    const std::uint32_t pending = read(source) & read(timer_control) & ((1u << timers) - 1);
    for (std::uint32_t number = 0; number != timers; ++number)
        if ((pending >> number & 1) != 0) lines[number].handler(lines[number].context);
}

Result<void> start() noexcept {
    if (base != 0) return {};
    const auto node = bus::devicetree::find("brcm,bcm2836-l1-intc");
    if (!node) return unexpected(Error::not_found);
    const auto region = UNICORE_TRY(node->registers(0));
    UNICORE_TRY(arch::map_around(region.base, page_size, arch::Access::device));
    base = static_cast<std::uintptr_t>(region.base);
    arch::interrupt_handler = handle;
    return {};
}

}  // namespace

Result<Line> Line::create(std::span<const std::uint32_t> specifier, Handler handler, void* context) noexcept {
    if (specifier.size() != 2 || specifier[0] >= timers) return unexpected(Error::invalid_argument);
    const platform::MaskGuard masked;
    UNICORE_TRY(start());
    const std::uint32_t number = specifier[0];
    if (lines[number].handler != nullptr) return unexpected(Error::busy);
    lines[number] = {handler, context};
    write(timer_control, read(timer_control) | 1u << number);
    return Line(number);
}

void Line::release(std::uint32_t number) noexcept {
    const platform::MaskGuard masked;
    write(timer_control, read(timer_control) & ~(1u << number));
    lines[number].handler = nullptr;
}

}  // namespace unicore::interrupts
