// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/bus/pci/interrupts/places.hpp>
#include <unicore/bus/pci/message_table.hpp>
#include <unicore/interrupts/pc/messages.hpp>

#include <array>
#include <optional>

namespace unicore::bus::pci {
namespace {

using interrupts::pc::Message;

/// Destroyed from below: the function is quiet before the messages are nobody's.
struct Owned {
    std::array<std::optional<Message>, 4> messages;
    MessageTable table;

    /// The function's next message; returns which.
    Result<std::uint16_t> add(InterruptHandler handler, void* context) noexcept {
        std::uint16_t index = 0;
        while (index != messages.size() && messages[index]) ++index;
        if (index == messages.size() || index == table.size()) return unexpected(Error::busy);
        const Message& message = messages[index].emplace(UNICORE_TRY(Message::create(handler, context)));
        table.set(index, message.address(), message.data());
        return index;
    }
};
using Places = InterruptPlaces<Owned, 8>;
constinit Places places;

}  // namespace

Result<Interrupt> Interrupt::create(const Function& function, InterruptHandler handler, void* context) noexcept {
    const unsigned place = places.free_for(function.address());
    if (place == Places::none) return unexpected(Error::busy);
    Owned owned{{}, UNICORE_TRY(MessageTable::create(function))};
    const std::uint16_t first = UNICORE_TRY(owned.add(handler, context));
    places.put(place, function.address(), std::move(owned));
    return Interrupt(first, place);
}

Result<std::uint16_t> Interrupt::add_message(InterruptHandler handler, void* context) noexcept {
    return places.at(place_).add(handler, context);
}

void Interrupt::release(unsigned place) noexcept { places.remove(place); }

}  // namespace unicore::bus::pci
