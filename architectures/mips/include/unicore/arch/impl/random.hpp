// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/no_random.hpp>

namespace unicore::arch {

using Random = NoRandom;

}  // namespace unicore::arch
