// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/volatile_access.hpp>

namespace unicore::arch {

using DeviceAccess = VolatileAccess;

}  // namespace unicore::arch
