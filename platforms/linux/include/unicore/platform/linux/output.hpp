// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace unicore::platform::linux {

/// Writes all of `text` to a file descriptor, however small the pieces that it takes. Returns false
/// when it was lost: the other end is closed, the disk is full, or a non-blocking descriptor took
/// nothing for a second. A blocking one may block for as long as its reader does. Context: any.
bool write_all(int descriptor, std::string_view text) noexcept;

}  // namespace unicore::platform::linux
