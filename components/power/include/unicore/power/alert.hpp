// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::power {

/// Called by request_stop when the request can be seen. power's own, weak, does nothing, and costs nothing where images
/// are optimised as a whole; a scheduler whose threads must be told defines it. Context: any.
void alert() noexcept;

}  // namespace unicore::power
