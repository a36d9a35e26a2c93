// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/memory/pages.hpp>

namespace unicore::memory::pages {

/// Says that `count` pages could not be had, in development builds: report/.
void report_shortage(PageCount count) noexcept;

/// What Statistics counts: weak and doing nothing in pages.cpp, statistics.cpp's in images that read them.
void count_taken() noexcept;
void count_failure() noexcept;

}  // namespace unicore::memory::pages
