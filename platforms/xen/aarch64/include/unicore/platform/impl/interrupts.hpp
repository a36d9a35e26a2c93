// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/interrupt_flag.hpp>

namespace unicore::platform {

/// Events come through an interrupt controller, as devices' interrupts do.
using Interrupts = arch::InterruptFlag;

}  // namespace unicore::platform
