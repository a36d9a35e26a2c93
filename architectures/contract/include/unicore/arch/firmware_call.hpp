// SPDX-License-Identifier: BSD-3-Clause
/// `FirmwareCall`: calls of the hypervisor or the secure monitor by Arm's calling convention, with a function's
/// number and nothing else; what comes back is its result. [Arm DEN 0028, SMC Calling Convention, 2.6]
#pragma once

#include <unicore/arch/impl/firmware_call.hpp>  // the selected architecture's, on Arm
