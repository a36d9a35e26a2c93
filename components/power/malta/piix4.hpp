// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::power::malta {

/// An address of PCI's configuration space, as PCI mechanism 1 has it. [PCI 2.2, 3.2.2.3.2]
constexpr std::uint32_t configuration_address(std::uint32_t device, std::uint32_t function,
                                              std::uint32_t offset) noexcept {
    return 1u << 31 | device << 11 | function << 8 | offset;
}

/// Has the PIIX4's power management function enter "soft off". False when there is no such function.
/// `Board` has read(address) and write(address, value) for the configuration space, and write_port(port, value).
/// [Intel 290562: PMBA, PMREGMISC, PMCNTRL]
template <typename Board>
bool soft_off(Board board) noexcept {
    constexpr std::uint32_t device = 10, function = 3;
    constexpr std::uint32_t identity = 0x7113'8086;  // Intel, 82371AB power management
    constexpr auto identity_at = configuration_address(device, function, 0x00);
    constexpr auto command_at = configuration_address(device, function, 0x04);
    constexpr auto base_at = configuration_address(device, function, 0x40);
    constexpr auto miscellaneous_at = configuration_address(device, function, 0x80);
    constexpr std::uint32_t io_space = 1, ports_enable = 1, base_mask = 0xffc0, free_ports = 0x1000;
    constexpr std::uint16_t control = 4, suspend_enable = 1 << 13;  // with type 0: soft off
    if (board.read(identity_at) != identity) return false;
    std::uint32_t base = board.read(base_at) & base_mask;
    if (base == 0) {
        base = free_ports;
        board.write(base_at, base);
    }
    board.write(command_at, board.read(command_at) | io_space);
    board.write(miscellaneous_at, board.read(miscellaneous_at) | ports_enable);
    board.write_port(static_cast<std::uint16_t>(base + control), suspend_enable);
    return true;
}

}  // namespace unicore::power::malta
