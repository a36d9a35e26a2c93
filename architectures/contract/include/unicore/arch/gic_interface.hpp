// SPDX-License-Identifier: BSD-3-Clause
/// `GicInterface`, the CPU's side of a GICv3 in system registers: start, acknowledge, end; affinity, as
/// GICR_TYPER's upper half has it, and routing, as GICD_IROUTER has it. [Arm IHI 0069H, 12.2]
#pragma once

#include <unicore/arch/impl/gic_interface.hpp>  // the selected architecture's, on Arm
