// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/bus/pci.hpp>
#include <unicore/bus/virtio/transports.hpp>

#include <array>
#include <cstdint>

namespace unicore::bus::virtio::pci {

/// What a function is: none when it is no virtio device. [VIRTIO 1.2, 4.1.2]
DeviceId device_of(const bus::pci::Function& function) noexcept;

/// A part of a memory register's addresses, as a capability names it. [4.1.4]
struct Structure {
    std::uint32_t offset;
    std::uint32_t size;  ///< 0: there is none
    std::uint8_t bar;
};

/// What structures are for, as capabilities number them from 1 on. [4.1.4]
enum class Kind : std::uint8_t { common, notify, isr, device };
inline constexpr unsigned kinds = 4;

struct Structures {
    std::array<Structure, kinds> all;
    std::uint32_t multiplier;

    const Structure& operator[](Kind kind) const noexcept { return all[static_cast<unsigned>(kind)]; }
};

/// Reads capabilities; the first of each kind that can be used counts, the rest is ignored. [4.1.4.1]
Structures structures_of(const bus::pci::Function& function) noexcept;

/// Takes the function into use and makes its structures accessible.
/// Errors: unsupported when a structure is missing, as with devices older than virtio 1, or the function has no
/// addresses and gets none; device_error when a structure is not within its register; those of bus::pci.
Result<Registers> open(const bus::pci::Function& function) noexcept;

}  // namespace unicore::bus::virtio::pci
