// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace unicore::console::pl011 {

/// Sends `text`, each line end as CR LF. Works as soon as the device tree is there; before, and where the
/// console is none of these, text is lost. Context: any, masked or not.
void write(std::string_view text) noexcept;

/// Whether there is one to write to. Context: any.
bool open() noexcept;

}  // namespace unicore::console::pl011
