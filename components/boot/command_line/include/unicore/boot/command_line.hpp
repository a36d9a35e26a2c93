// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::boot::command_line {

/// Copies and takes apart `text`, of which at most `limit` bytes can be read. `claims` sees each word
/// first and returns whether the platform keeps it; without one it keeps none. The words live as long as the image.
/// Context: before the boot steps.
void take(const char* text, std::size_t limit, bool (*claims)(char* word) noexcept = nullptr) noexcept;

}  // namespace unicore::boot::command_line
