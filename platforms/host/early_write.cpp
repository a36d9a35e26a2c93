// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>

#include <cstdio>

void unicore::platform::early_write(std::string_view text) noexcept { std::fwrite(text.data(), 1, text.size(), stderr); }
