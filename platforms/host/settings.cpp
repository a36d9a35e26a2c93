// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>

std::span<char* const> unicore::platform::settings() noexcept { return {}; }
