// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::console::xen {

/// Whether the image's console is this one: on Arm it can be a UART, which has a component of its own.
bool wanted() noexcept;

/// Lets a millisecond or so go by, in which the console service can run. Context: any.
void pause() noexcept;

}  // namespace unicore::console::xen
