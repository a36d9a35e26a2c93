// SPDX-License-Identifier: BSD-3-Clause
#include "receiver.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/base/chrono.hpp>
#include <unicore/base/late.hpp>
#include <unicore/base/result.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/console/pl011.hpp>
#include <unicore/console/source.hpp>
#include <unicore/interrupts.hpp>
#include <unicore/platform/interrupts.hpp>

#include <optional>

namespace unicore::console::pl011::input {
using namespace std::string_view_literals;
namespace {

using MappedRegisters = arch::MappedRegisters<Register>;

constexpr std::chrono::milliseconds look_for_characters{10};
constexpr std::size_t gic_cells = 3;

constinit Receiver<MappedRegisters> receiver{MappedRegisters{0}};
constinit Late<interrupts::Line> line;  // for ever

void handle(void*) noexcept {
    receiver.drain();
    if (!receiver.empty()) arrived();
}

/// Three cells are a GIC's. Other controllers may stand between the UART and the one whose lines can be had.
bool connect(const bus::devicetree::Node& node) noexcept {
    const auto specifier = node.interrupt(0);
    if (!specifier || specifier->count != gic_cells) return false;
    auto made = interrupts::Line::create(specifier->view(), handle, nullptr);
    if (!made) return false;
    line.construct(std::move(*made));
    return true;
}

class Input final : public Source {
public:
    constexpr Input() noexcept : Source(Kind::line) {}

    /// Errors: not_found where the console is another device.
    Result<void> open() noexcept override {
        if (!pl011::open()) return unexpected(Error::not_found);  // which maps the registers
        auto node = bus::devicetree::console();
        if (!node) node = bus::devicetree::find("arm,sbsa-uart");
        const auto registers = UNICORE_TRY(node->registers(0));
        receiver = Receiver(MappedRegisters{static_cast<std::uintptr_t>(registers.base)});
        const bool connected = connect(*node);
        const platform::MaskGuard masked;
        if (node->compatible("arm,pl011"sv)) receiver.enable();
        if (connected) receiver.enable_interrupts();
        else look_every = look_for_characters;
        return {};
    }

    bool pending() noexcept override {
        if (!receiver.interrupts()) receiver.drain();
        return !receiver.empty();
    }

    Taken take(std::span<char> into) noexcept override {
        const platform::MaskGuard masked;
        if (!receiver.interrupts()) receiver.drain();
        return {.size = receiver.take(into)};
    }
};

constinit Input uart_input;

}  // namespace

Result<void> start() noexcept {
    add(uart_input);
    return {};
}

}  // namespace unicore::console::pl011::input
