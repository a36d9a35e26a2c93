// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/bus/pci/space.hpp>

namespace unicore::bus::pci::lines {

/// What line `pin` (1 is INTA) of `function` is to the interrupt controller, by the map of the host bridge `node`.
/// Errors: not_found when the map does not say; device_error for nonsense.
Result<devicetree::InterruptSpecifier> specifier(const devicetree::Node& node, Address function,
                                                 unsigned pin) noexcept;

}  // namespace unicore::bus::pci::lines
