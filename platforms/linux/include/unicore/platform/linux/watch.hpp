// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::platform::linux {

/// Whether a read from a file descriptor would not block: there is something, or an end, or an error. Context: any.
bool readable(int descriptor) noexcept;

/// Has `arrived` called, masked as an interrupt handler is, when the image idles and the descriptor becomes readable:
/// once. One descriptor can be watched; the last call counts. Context: masked.
void watch(int descriptor, void (*arrived)() noexcept) noexcept;

}  // namespace unicore::platform::linux
