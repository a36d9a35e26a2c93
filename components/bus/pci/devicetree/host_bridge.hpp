// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/bus/pci/space.hpp>

#include <array>
#include <cstdint>

namespace unicore::bus::pci::host {

inline constexpr std::uint64_t bytes_of_bus = 1 << 20, bytes_of_function = 4096;  // [PCI Express Base 2.1, 7.2.2]

/// A host bridge as its node describes it.
struct Bridge {
    std::uint64_t registers;  ///< where the configuration space of the first bus begins
    space::Buses buses;
    std::array<space::Window, space::most_windows> windows;  ///< for memory
    unsigned window_count;
};

/// Errors: device_error for nonsense; of Node::registers.
Result<Bridge> describe(const devicetree::Node& node) noexcept;

}  // namespace unicore::bus::pci::host
