// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/pl011.hpp>

#include "registers.hpp"

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

struct MappedRegisters {
    std::uintptr_t base;

    std::uint32_t read(Register which) const noexcept { return *at(which); }
    void write(Register which, std::uint32_t value) const noexcept { *at(which) = value; }

private:
    volatile std::uint32_t* at(Register which) const noexcept {
        return reinterpret_cast<volatile std::uint32_t*>(base + static_cast<std::uint32_t>(which));
    }
};

enum class State : std::uint8_t { unknown, open, absent };
constinit State state = State::unknown;
constinit Uart<MappedRegisters> uart{MappedRegisters{0}};

void open() noexcept {
    const auto node = bus::devicetree::console();
    if (!node) return;
    state = State::absent;
    if (!node->compatible("arm,pl011"sv)) return;
    const auto registers = node->registers(0);
    if (!registers || !arch::map_around(registers->base, page_size, arch::Access::device)) return;
    uart = Uart(MappedRegisters{static_cast<std::uintptr_t>(registers->base)});
    uart.enable();
    state = State::open;
}

class Pl011 final : public Sink {
    void write(std::string_view text) noexcept override { pl011::write(text); }
};

constinit Late<Pl011> sink;

}  // namespace

void write(std::string_view text) noexcept {
    if (state == State::unknown) open();
    if (state == State::open) uart.write(text);
}

Result<void> start() noexcept {
    add(sink.construct());
    return {};
}

}  // namespace unicore::console::pl011
