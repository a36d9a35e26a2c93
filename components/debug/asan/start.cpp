// SPDX-License-Identifier: BSD-3-Clause
#include "state.hpp"

#include <unicore/base/result.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/platform.hpp>

#include <algorithm>

extern "C" {
extern const std::byte unicore_image_first[];
extern const std::byte unicore_image_end[];
}

namespace unicore::debug::asan {

constinit Shadow shadow;

namespace {

/// Pages of shadow at most: for 256 MiB in which something is poisoned.
constexpr std::size_t most_pages = (std::size_t{32} << 20) / page_size;

/// What a process has of a stack from the kernel: below here, and above.
constexpr std::size_t stack_below = std::size_t{8} << 20, stack_above = std::size_t{64} << 10;

}  // namespace

/// The boot step: a shadow for the image, all memory that it may use, and the stack that it runs on.
Result<void> start() noexcept {
    const auto image = reinterpret_cast<std::uintptr_t>(unicore_image_first);
    shadow.want(Shadow::window_of({image, reinterpret_cast<std::uintptr_t>(unicore_image_end) - image}));
    for (const MemoryRange& range : platform::memory())
        if (!shadow.want(Shadow::window_of(range))) break;
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (!shadow.covers(here)) shadow.want(Shadow::window_of({here - stack_below, stack_below + stack_above}));

    const PageCount directory = pages_for(shadow.entries() * sizeof(Shadow::Entry));
    std::size_t pages = std::min(memory::pages::usage().total.value / Shadow::granule + 16, most_pages);
    for (;; pages /= 2) {
        const PageCount all{directory.value + pages};
        if (const auto first = memory::pages::take(all, page_size, pages == 0 ? memory::pages::Need::urgent : memory::pages::Need::none)) {
            shadow.begin(reinterpret_cast<Shadow::Entry*>(*first), *first + directory.bytes(), pages);
            return {};
        }
        if (pages == 0) return unexpected(Error::out_of_memory);
    }
}

}  // namespace unicore::debug::asan
