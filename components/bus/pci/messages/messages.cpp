// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/bus/pci/interrupts/places.hpp>
#include <unicore/bus/pci/message_table.hpp>
#include <unicore/interrupts/pc/messages.hpp>

namespace unicore::bus::pci {
namespace {

/// Destroyed from below: the function is quiet before the message is nobody's.
struct Owned {
    interrupts::pc::Message message;
    MessageTable table;
};
using Places = InterruptPlaces<Owned, 8>;
constinit Places places;

}  // namespace

Result<Interrupt> Interrupt::create(const Function& function, InterruptHandler handler, void* context) noexcept {
    constexpr std::uint16_t first = 0;
    const unsigned place = places.free_for(function.address());
    if (place == Places::none) return unexpected(Error::busy);
    auto table = UNICORE_TRY(MessageTable::create(function));
    auto message = UNICORE_TRY(interrupts::pc::Message::create(handler, context));
    table.set(first, message.address(), message.data());
    places.put(place, function.address(), {std::move(message), std::move(table)});
    return Interrupt(first, place);
}

void Interrupt::release(unsigned place) noexcept { places.remove(place); }

}  // namespace unicore::bus::pci
