// SPDX-License-Identifier: BSD-3-Clause
/// Memory of the domain whose code runs, page by page: what memory.pages is made of.
#pragma once

#include <cstddef>

namespace unicore::xen::simulator::pool {

/// The first of `count` pages in a row with garbage in them; null when there are none.
std::byte* take(std::size_t count, std::size_t alignment);
/// Whether all of them are taken, and have memory of the domain behind them.
bool taken(const std::byte* first, std::size_t count);
void give_back(const std::byte* first, std::size_t count);

struct Usage {
    std::size_t total, taken;
};
Usage usage();

}  // namespace unicore::xen::simulator::pool
