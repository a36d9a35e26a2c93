// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"

/// The second controller's lines, which a Malta's UART has one of, nobody drives.
unicore::Result<void> unicore::console::ns16550::input::connect(void (*)() noexcept) noexcept {
    return unexpected(Error::unsupported);
}
