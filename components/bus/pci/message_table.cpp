// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/pci/message_table.hpp>

#include <unicore/arch/device_access.hpp>

namespace unicore::bus::pci {
namespace {

using Access = arch::DeviceAccess;

// The capability [6.8.2]: control in the upper half of its first word, where the table is in the second.
constexpr std::uint32_t enable = 1U << 31, mask_all = 1U << 30;
constexpr unsigned table = 4;

// An entry of the table.
constexpr std::uint32_t bytes = 16, address_low = 0, address_high = 4, data_of = 8, vector_control = 12, masked = 1;

}  // namespace

Result<MessageTable> MessageTable::create(const Function& function) noexcept {
    Capabilities list(function);
    auto found = list.next();
    while (found && found->id != msi_x) found = list.next();
    constexpr std::uint8_t last = 0xf4;  // that has room for all of it
    if (!found || found->offset > last) return unexpected(Error::not_found);
    const auto size = static_cast<std::uint16_t>((function.read(found->offset) >> 16 & 0x7ff) + 1);
    const std::uint32_t where = function.read(found->offset + table);
    const std::uint32_t offset = where & ~7U;
    const Bar bar = UNICORE_TRY(function.bar(where & 7));
    if (offset > bar.size || size * bytes > bar.size - offset) return unexpected(Error::device_error);
    MessageTable made(function, UNICORE_TRY(map(bar, offset, size * bytes)), size, found->offset);
    made.control(enable | mask_all);
    for (std::uint16_t i = 0; i != size; ++i) made.mask(i);
    made.control(enable);
    return made;
}

/// The rest of the word cannot be written, nor the size.
void MessageTable::control(std::uint32_t bits) const noexcept { function_.write(at_, bits); }

void MessageTable::mask(std::uint16_t index) const noexcept {
    Access::write32(entries_ + index * bytes, vector_control, masked);
}

void MessageTable::set(std::uint16_t index, std::uint64_t address, std::uint32_t data) const noexcept {
    const std::uintptr_t entry = entries_ + index * bytes;
    mask(index);  // else it could be sent half of one and half of the other [6.8.2.9]
    Access::write32(entry, address_low, static_cast<std::uint32_t>(address));
    Access::write32(entry, address_high, static_cast<std::uint32_t>(address >> 32));
    Access::write32(entry, data_of, data);
    Access::write32(entry, vector_control, 0);
}

}  // namespace unicore::bus::pci
