// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>

#include <cstdlib>

void unicore::platform::halt(int status) noexcept { std::quick_exit(status); }
