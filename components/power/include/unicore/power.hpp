// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::power {

/// Asks the image to stop in order: every wait from now on ends with Error::stopped, main is
/// expected to return. Context: any, interrupt handlers included.
void request_stop() noexcept;

/// Whether somebody asked. For loops that compute without waiting. Context: any.
bool stop_requested() noexcept;

/// Ends the image in order with `status` (0–255) as a return from main does. Context: thread.
[[noreturn]] void off(int status) noexcept;

}  // namespace unicore::power
