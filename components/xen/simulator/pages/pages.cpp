// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/assert.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/xen/simulator/pool.hpp>

#include <bit>

namespace unicore::memory::pages {

namespace pool = xen::simulator::pool;

Result<std::byte*> take(PageCount count, std::size_t alignment) noexcept {
    if (count.value == 0 || alignment < page_size || !std::has_single_bit(alignment))
        return unexpected(Error::invalid_argument);
    std::byte* const first = pool::take(count.value, alignment);
    if (first == nullptr) return unexpected(Error::out_of_memory);
    return first;
}

void give_back(std::byte* first, PageCount count) noexcept {
    UNICORE_ASSERT(pool::taken(first, count.value));
    pool::give_back(first, count.value);
}

Usage usage() noexcept {
    const auto [total, taken] = pool::usage();
    return {.total = {total}, .committed = {total}, .taken = {taken}};
}

}  // namespace unicore::memory::pages
