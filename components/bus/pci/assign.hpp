// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/bus/pci.hpp>

namespace unicore::bus::pci {

/// Gives register `index`, a memory register without an address, one out of the host bridge's free windows.
/// Errors: unsupported when none has room, or the function is behind a bridge.
Result<void> assign(const Function& function, unsigned index, const Bar& bar) noexcept;

}  // namespace unicore::bus::pci
