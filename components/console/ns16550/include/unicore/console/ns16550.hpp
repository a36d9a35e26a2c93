// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace unicore::console::ns16550 {

/// Sends `text` out of COM1, each line end as CR LF. The first call sets the UART up, so it works
/// from the first instruction of C++ on. Context: any, masked or not. Waits for room, 1.4 ms for 16
/// characters; a UART that takes nothing for about 0.1 s loses text, later calls then lose theirs at
/// once until it takes some again.
void write(std::string_view text) noexcept;

}  // namespace unicore::console::ns16550
