// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <string_view>

namespace unicore::console::xen {

/// Writes to the domain's console. Waits for room as long as somebody reads, and loses the text when
/// nobody does for a second. Context: any.
void write(std::string_view text) noexcept;

/// Waits until everything was read, a second at most. Context: any.
void drain() noexcept;

/// Boot step: adds the console as a sink.
Result<void> start() noexcept;

}  // namespace unicore::console::xen
