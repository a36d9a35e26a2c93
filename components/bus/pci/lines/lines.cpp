// SPDX-License-Identifier: BSD-3-Clause
#include "map.hpp"

#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/bus/pci/interrupts/places.hpp>
#include <unicore/interrupts.hpp>

#include <string_view>

namespace unicore::bus::pci {
namespace {

using Places = InterruptPlaces<interrupts::Line, 8>;
constinit Places places;

}  // namespace

Result<Interrupt> Interrupt::create(const Function& function, InterruptHandler handler, void* context) noexcept {
    using namespace std::string_view_literals;
    const unsigned place = places.free_for(function.address());
    if (place == Places::none) return unexpected(Error::busy);
    const auto node = devicetree::find("pci-host-ecam-generic"sv);
    const unsigned pin = function.read(offset::interrupt) >> 8 & 0xff;
    if (!node || pin == 0) return unexpected(Error::not_found);
    if (pin > 4) return unexpected(Error::device_error);
    if (function.address().bus() != UNICORE_TRY(space::open()).first) return unexpected(Error::unsupported);
    const auto specifier = UNICORE_TRY(lines::specifier(*node, function.address(), pin));
    constexpr std::uint32_t no_line = 1 << 10;  // of the command [6.2.2]
    function.write(offset::command, function.read(offset::command) & 0xffff & ~no_line);
    places.put(place, function.address(), UNICORE_TRY(interrupts::Line::create(specifier.view(), handler, context)));
    return Interrupt(std::nullopt, place);
}

Result<std::uint16_t> Interrupt::add_message(InterruptHandler, void*) noexcept { return unexpected(Error::unsupported); }

void Interrupt::release(unsigned place) noexcept { places.remove(place); }

}  // namespace unicore::bus::pci
