// SPDX-License-Identifier: BSD-3-Clause
// The devices of the machine.
#include "nic.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/pci.hpp>
#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/memory/pages.hpp>

#include <cstdint>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace unicore::net::e1000 {
namespace {

using bus::pci::Function;
using bus::pci::Interrupt;

/// The device's registers, which reach further than an offset in an instruction of every CPU.
struct Registers {
    std::uintptr_t base;

    std::uint32_t read(Register which) const noexcept { return arch::DeviceAccess::read32(at(which), 0); }
    void write(Register which, std::uint32_t value) const noexcept { arch::DeviceAccess::write32(at(which), 0, value); }

private:
    std::uintptr_t at(Register which) const noexcept { return base + static_cast<std::uint32_t>(which); }
};
using Card = Nic<Registers>;

/// A device, and how it interrupts: there as long as the image. So its messages are never turned off, which QEMU 7.2
/// does not survive shortly after one was sent.
struct Owned {
    Card card;
    std::optional<Interrupt> interrupt;
};

constinit bool segments = false;

Card& card_of(void* context) noexcept { return static_cast<Owned*>(context)->card; }

std::optional<Model> model_of(const Function& function) noexcept {
    constexpr std::uint16_t intel = 0x8086;
    if (function.vendor() != intel) return std::nullopt;
    switch (function.device()) {
    case 0x10d3: return Model::i82574;
    case 0x100e: return Model::i82540em;
    default: return std::nullopt;
    }
}

void find_interrupt(Owned& owned, const Function& function) noexcept {
    auto interrupt = Interrupt::create(
        function,
        [](void* context) noexcept {
            const Owned& of = *static_cast<const Owned*>(context);
            if (of.interrupt && of.interrupt->message()) card_of(context).on_queues();
            else card_of(context).on_line();
        },
        &owned);
    if (!interrupt) {
        logger.info([&](auto& line) {
            line << owned.card.name() << " has no interrupt here, and is looked at every millisecond";
        });
        return;
    }
    owned.interrupt.emplace(std::move(*interrupt));
    Signals signals{.line = !owned.interrupt->message(), .queues = owned.interrupt->message()};
    if (signals.queues) {
        // Without a message of their own, changes are noticed when somebody waits.
        const auto changes =
            owned.interrupt->add_message([](void* context) noexcept { card_of(context).on_change(); }, &owned);
        if (changes) signals.changes = *changes;
    }
    owned.card.set_signals(signals);
}

/// Errors: of Function's, map, and Nic::prepare; out_of_memory.
Result<Owned*> make(const Function& function, Model model, unsigned number) noexcept {
    constexpr std::uint32_t registers_size = 0x6000;
    UNICORE_TRY(function.enable());
    const bus::pci::Bar bar = UNICORE_TRY(function.bar(0));
    const std::uintptr_t registers = UNICORE_TRY(bus::pci::map(bar, 0, registers_size));
    constexpr PageCount size = pages_for(sizeof(Owned));
    std::byte* const memory = UNICORE_TRY(memory::pages::take(size));
    auto* const owned =
        ::new (static_cast<void*>(memory)) Owned{.card = {{registers}, model, number, segments}, .interrupt = {}};
    // It is silent before its interrupt is there, whatever firmware did with it.
    if (const auto prepared = owned->card.prepare(); !prepared) {
        owned->~Owned();
        memory::pages::give_back(memory, size);
        return unexpected(prepared.error());
    }
    find_interrupt(*owned, function);
    return owned;
}

}  // namespace

/// The setting net.e1000.segments.
Result<void> set_segments(std::string_view value) noexcept {
    if (value != "on" && value != "off") return unexpected(Error::invalid_argument);
    segments = value == "on";
    return {};
}

/// The boot step. Errors: out_of_memory; of Walk::create.
Result<void> start() noexcept {
    auto walk = bus::pci::Walk::create();
    if (!walk) return walk.error() == Error::not_found ? Result<void>() : unexpected(walk.error());
    for (unsigned number = 0; number != most_devices;) {
        const auto function = walk->next();
        if (!function) break;
        const auto model = model_of(*function);
        if (!model) continue;
        if (const auto owned = make(*function, *model, number)) {
            add((*owned)->card);
            ++number;
        } else if (owned.error() == Error::out_of_memory) {
            return unexpected(owned.error());
        } else {
            logger.warning([&](auto& line) {
                line << "function " << text::HexDigits{function->address().value(), 4}
                     << " is not used: " << to_string(owned.error());
            });
        }
    }
    return {};
}

}  // namespace unicore::net::e1000
