// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/pl011.hpp>

#include "registers.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/base/late.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/console/sink.hpp>

#include <cstdint>

namespace unicore::console::pl011 {
using namespace std::string_view_literals;
namespace {

using MappedRegisters = arch::MappedRegisters<Register>;

enum class State : std::uint8_t { unknown, open, absent };
constinit State state = State::unknown;
constinit Uart<MappedRegisters> uart{MappedRegisters{0}};

/// The one that /chosen names; hypervisors that emulate one for a console do not name it there.
void look() noexcept {
    auto node = bus::devicetree::console();
    if (!node) node = bus::devicetree::find("arm,sbsa-uart");
    if (!node) return;
    state = State::absent;
    const bool whole = node->compatible("arm,pl011"sv);
    if (!whole && !node->compatible("arm,sbsa-uart"sv)) return;
    const auto registers = node->registers(0);
    if (!registers || !arch::map_around(registers->base, page_size, arch::Access::device)) return;
    uart = Uart(MappedRegisters{static_cast<std::uintptr_t>(registers->base)});
    if (whole) uart.enable();
    state = State::open;
}

class Pl011 final : public Sink {
    void write(std::string_view text) noexcept override { pl011::write(text); }
};

constinit Late<Pl011> sink;

}  // namespace

bool open() noexcept {
    if (state == State::unknown) look();
    return state == State::open;
}

void write(std::string_view text) noexcept {
    if (open()) uart.write(text);
}

Result<void> start() noexcept {
    add(sink.construct());
    return {};
}

}  // namespace unicore::console::pl011
