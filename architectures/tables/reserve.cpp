// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/tables/reserve.hpp>

#include <cstdint>

namespace unicore::arch::tables {

std::byte* Frames::take() noexcept {
    std::byte* const frame = first_;
    if (frame == nullptr) return nullptr;
    first_ = *reinterpret_cast<std::byte**>(frame);
    --count_;
    // Word by word, which memset may not be: it is made to be small.
    for (auto* word = reinterpret_cast<std::uint64_t*>(frame); word != reinterpret_cast<std::uint64_t*>(frame + page_size); ++word) {
        *word = 0;
        asm("" : "+r"(word) : : "memory");  // or the compiler makes a call of memset of it
    }
    return frame;
}

void Frames::fill_from(MemoryRange& pages, std::size_t most) noexcept {
    while (pages.size > page_size && count_ < most) {
        add(reinterpret_cast<std::byte*>(pages.base));
        pages.base += page_size;
        pages.size -= page_size;
    }
}

}  // namespace unicore::arch::tables
