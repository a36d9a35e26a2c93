// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/pci.hpp>

namespace unicore::bus::pci {
namespace {

constexpr std::uint8_t several_functions = 0x80, layout = 0x7f;  // of the header type
constexpr unsigned functions = 8, functions_of_bus = 256;

/// What an absent function reads as, and what none may have. [6.1, vendor ID]
constexpr bool is_none(std::uint32_t identity) noexcept {
    const std::uint32_t vendor = identity & 0xffff;
    return vendor == 0xffff || vendor == 0;
}

}  // namespace

Result<Function> Function::at(Address address) noexcept {
    UNICORE_TRY(space::open());
    const std::uint32_t identity = space::read(address, offset::identity);
    if (is_none(identity)) return unexpected(Error::not_found);
    const auto header = static_cast<std::uint8_t>(space::read(address, offset::header_type) >> 16);
    return Function(address, identity, header & layout);
}

Result<Walk> Walk::create() noexcept { return Walk(UNICORE_TRY(space::open())); }

Walk::Walk(space::Buses buses) noexcept : last_bus_(buses.last), at_(buses.first * functions_of_bus) {}

std::optional<Function> Walk::next() noexcept {
    for (;;) {
        if (at_ % functions_of_bus == 0 && at_ / functions_of_bus > last_bus_) return std::nullopt;
        const Address address(at_ / functions_of_bus, at_ / functions % 32, at_ % functions);
        const bool first = address.function() == 0;
        const std::uint32_t identity = space::read(address, offset::identity);
        std::optional<Function> found;
        if (!is_none(identity)) {
            const auto header = static_cast<std::uint8_t>(space::read(address, offset::header_type) >> 16);
            if (first) has_functions_ = (header & several_functions) != 0;
            found = Function(address, identity, header & layout);
            if (found->is_bridge()) {
                const auto secondary = static_cast<std::uint8_t>(found->read(offset::bus_numbers) >> 8);
                behind_bridges_[secondary / 32] |= std::uint32_t{1} << secondary % 32;
            }
        } else if (first) {
            has_functions_ = false;
        }
        at_ += first && !has_functions_ ? functions : 1;
        if (at_ % functions_of_bus == 0 && !advance_bus()) at_ = (last_bus_ + 1U) * functions_of_bus;
        if (found) return found;
    }
}

/// To the beginning of the next bus to visit: only upwards, as configuration accesses are passed on. What bridges say
/// otherwise would be a loop.
bool Walk::advance_bus() noexcept {
    for (unsigned bus = at_ / functions_of_bus; bus <= last_bus_; ++bus)
        if ((behind_bridges_[bus / 32] >> bus % 32 & 1) != 0) {
            at_ = bus * functions_of_bus;
            return true;
        }
    return false;
}

Capabilities::Capabilities(const Function& function) noexcept : function_(function), at_(0), left_(48) {
    constexpr std::uint32_t has_list = 1U << 20;  // of the status, above the command
    if ((function.read(offset::command) & has_list) != 0)
        at_ = static_cast<std::uint8_t>(function.read(offset::capabilities));
}

std::optional<Capability> Capabilities::next() noexcept {
    constexpr std::uint8_t first = 0x40;  // below is the header
    at_ &= 0xfc;                          // the others are reserved [6.7]
    if (at_ < first || left_-- == 0) return std::nullopt;
    const std::uint32_t word = function_.read(at_);
    const Capability found{static_cast<std::uint8_t>(word), at_};
    if (found.id == 0xff) return std::nullopt;  // the function is gone
    at_ = static_cast<std::uint8_t>(word >> 8);
    return found;
}

}  // namespace unicore::bus::pci
