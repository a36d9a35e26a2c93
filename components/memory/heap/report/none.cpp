// SPDX-License-Identifier: BSD-3-Clause
#include "../layers.hpp"

namespace unicore::memory::heap {

void report_shortage(std::size_t) noexcept {}

}  // namespace unicore::memory::heap
