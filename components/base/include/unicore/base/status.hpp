// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore {

/// Prints the status line, the last of every image, and stops the machine.
/// `unicore: exit status=N REASON` is what `run` turns into its own exit status.
[[noreturn]] void finish(int status, const char* reason) noexcept;

}  // namespace unicore
