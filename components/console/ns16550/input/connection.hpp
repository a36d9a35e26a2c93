// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

namespace unicore::console::ns16550::input {

/// Has `handler` called, masked, when the UART interrupts. Context: thread. Errors: why there is no line for it.
Result<void> connect(void (*handler)() noexcept) noexcept;

}  // namespace unicore::console::ns16550::input
