// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace unicore::console {

/// Writes `text` to the console. Context: thread.
void write(std::string_view text) noexcept;

/// Writes `text` and a line end, as one piece.
void write_line(std::string_view text) noexcept;

}  // namespace unicore::console
