// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/stacked_context.hpp>

namespace unicore::arch {

using Context = StackedContext;

}  // namespace unicore::arch
