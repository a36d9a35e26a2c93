// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/frame.hpp>

namespace unicore::arch {

using Stack = FrameRecords;

}  // namespace unicore::arch
