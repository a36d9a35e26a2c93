// SPDX-License-Identifier: BSD-3-Clause
// The devices of the machine.
#include "nic.hpp"

#include <unicore/base/units.hpp>
#include <unicore/bus/virtio.hpp>
#include <unicore/bus/virtio/interrupts.hpp>
#include <unicore/memory/pages.hpp>

#include <new>
#include <optional>
#include <utility>

namespace unicore::net::virtio {
namespace {

using bus::virtio::Interrupt;

/// A device, and how it interrupts: there as long as the image.
struct Card {
    Nic<bus::virtio::Device> nic;
    std::optional<Interrupt> interrupt;
};

Nic<bus::virtio::Device>& nic_of(void* context) noexcept { return static_cast<Card*>(context)->nic; }

/// Errors: of prepare and Interrupt::create.
Result<void> prepare(Card& card, const bus::virtio::Device& device) noexcept {
    UNICORE_TRY(card.nic.prepare());
    constexpr interrupts::Handler on_interrupt = [](void* context) noexcept {
        const Card& card = *static_cast<const Card*>(context);
        if (card.interrupt && card.interrupt->message()) nic_of(context).on_queues();
        else nic_of(context).on_line();
    };
    card.interrupt = UNICORE_TRY(Interrupt::create(device, on_interrupt, &card));
    const auto message = card.interrupt->message();
    if (!message) return {};
    const auto changes = card.interrupt->add_message([](void* context) noexcept { nic_of(context).on_change(); }, &card);
    // Without a message of their own, changes are not noticed.
    card.nic.set_messages({message, changes ? std::optional(*changes) : std::nullopt});
    return {};
}

}  // namespace

/// The boot step.
Result<void> start() noexcept {
    for (unsigned number = 0, index = 0; number != most_devices; ++index) {
        const auto device = bus::virtio::find(bus::virtio::DeviceId::network, index);
        if (!device) return device.error() == Error::not_found ? Result<void>() : unexpected(device.error());
        constexpr PageCount size = pages_for(sizeof(Card));
        std::byte* const memory = UNICORE_TRY(memory::pages::take(size));
        Card& card = *::new (static_cast<void*>(memory)) Card{.nic = {*device, number}, .interrupt = {}};
        if (const auto prepared = prepare(card, *device)) {
            add(card.nic);
            ++number;
        } else {
            logger.warning([&](auto& line) { line << "device " << index << " is not used: " << to_string(prepared.error()); });
            card.~Card();
            memory::pages::give_back(memory, size);
        }
    }
    return {};
}

}  // namespace unicore::net::virtio
