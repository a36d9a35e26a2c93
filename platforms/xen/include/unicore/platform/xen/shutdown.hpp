// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <xen/sched.h>

namespace unicore::platform::xen {

/// What the toolstack is told when the domain stops in order: SHUTDOWN_poweroff, or SHUTDOWN_reboot
/// to be started again. A panic always says SHUTDOWN_crash. [Xen, xen/include/public/sched.h]
extern constinit unsigned shutdown_reason;

}  // namespace unicore::platform::xen
