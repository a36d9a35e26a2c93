// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/interrupt_flag.hpp>

namespace unicore::platform {

/// They come through an interrupt controller, and a flag of the CPU masks them.
using Interrupts = arch::InterruptFlag;

}  // namespace unicore::platform
