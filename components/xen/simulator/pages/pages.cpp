// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/assert.hpp>
#include <unicore/memory/pages/provider.hpp>
#include <unicore/xen/simulator/pool.hpp>

namespace unicore::memory::pages {

namespace pool = xen::simulator::pool;

std::byte* provider::take(PageCount count, std::size_t alignment) noexcept {
    return pool::take(count.value, alignment);
}

void provider::give_back(std::byte* first, PageCount count) noexcept {
    UNICORE_ASSERT(pool::taken(first, count.value));
    pool::give_back(first, count.value);
}

Usage provider::usage() noexcept {
    const auto [total, taken] = pool::usage();
    return {.total = {total}, .committed = {total}, .taken = {taken}};
}

}  // namespace unicore::memory::pages
