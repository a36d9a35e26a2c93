// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio/interrupts.hpp>

#include <unicore/bus/pci.hpp>
#include <unicore/bus/virtio/places.hpp>

namespace unicore::bus::virtio {

Result<Interrupt> Interrupt::create(const Device& device, interrupts::Handler handler, void* context) noexcept {
    if (const auto address = device.pci_function()) {
        const auto function = UNICORE_TRY(bus::pci::Function::at(bus::pci::Address(*address)));
        return Interrupt(UNICORE_TRY(bus::pci::Interrupt::create(function, handler, context)));
    }
    const auto specifier = UNICORE_TRY(places::interrupt(device.base()));
    return Interrupt(UNICORE_TRY(interrupts::Line::create(specifier.view(), handler, context)));
}

}  // namespace unicore::bus::virtio
