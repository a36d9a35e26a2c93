// SPDX-License-Identifier: BSD-3-Clause
/// I/O ports, on architectures that have them: read8/16/32(port), write8/16/32(port, value),
/// write8_all(port, bytes, count).
#pragma once

#include <unicore/arch/impl/ports.hpp>  // the selected architecture's
