// SPDX-License-Identifier: BSD-3-Clause
#include "shortage.hpp"

#include <unicore/base/poison.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/memory/pages/provider.hpp>
#include <unicore/memory/pages/reclaim.hpp>

namespace unicore::memory::pages {

[[gnu::weak]] bool reclaim::possible() noexcept { return false; }
[[gnu::weak]] bool reclaim::ask(PageCount, bool) noexcept { return false; }
[[gnu::weak]] void count_taken() noexcept {}
[[gnu::weak]] void count_failure() noexcept {}

Result<std::byte*> take(PageCount count, std::size_t alignment, Need need) noexcept {
    // Not std::has_single_bit: without a popcount instruction that is 100 bytes of code.
    const std::size_t lowest = alignment & -alignment;
    if (count.value == 0 || lowest < page_size || lowest != alignment) return unexpected(Error::invalid_argument);
    const PreemptionGuard alone;
    for (bool again = false;; again = true) {
        if (std::byte* const first = provider::take(count, alignment); first != nullptr) [[likely]] {
            count_taken();
            poison::clear(first, count.bytes());
            return first;
        }
        if (need == Need::none) break;
        if (reclaim::ask(count, again)) continue;
        count_failure();
        report_shortage(count);
        break;
    }
    return unexpected(Error::out_of_memory);
}

void give_back(std::byte* first, PageCount count) noexcept {
    const PreemptionGuard alone;
    provider::give_back(first, count);
    poison::set(first, count.bytes(), poison::Kind::page);
}

Usage usage() noexcept { return provider::usage(); }

}  // namespace unicore::memory::pages
