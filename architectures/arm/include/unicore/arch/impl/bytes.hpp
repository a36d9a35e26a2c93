// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/word_bytes.hpp>

namespace unicore::arch {

using Bytes = WordBytes;

}  // namespace unicore::arch
