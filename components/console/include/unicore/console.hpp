// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace unicore::console {

/// Writes `text` to the console. Context: thread.
void write(std::string_view text) noexcept;

/// Writes `text` and a line end, as one piece.
void write_line(std::string_view text) noexcept;

/// Waits for input and takes what there is of it; of what is typed on a serial console, one line at most, with its end.
/// Returns how many bytes; 0 is the end of input, where images without console.input always are. Context: thread.
/// Errors: stopped when the image was asked to stop.
Result<std::size_t> read(std::span<char> into) noexcept;

}  // namespace unicore::console
