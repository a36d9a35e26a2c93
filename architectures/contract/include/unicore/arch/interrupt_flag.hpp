// SPDX-License-Identifier: BSD-3-Clause
/// `InterruptFlag`, the CPU's own mask of interrupts: an InterruptMask (platform/interrupts.hpp) for
/// platforms that own the CPU.
#pragma once

#include <unicore/arch/impl/interrupt_flag.hpp>  // the selected architecture's, where it runs on machines
