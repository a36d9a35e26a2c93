// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/tables/reserve.hpp>

#include <cstring>

namespace unicore::arch::tables {

std::byte* Frames::take() noexcept {
    std::byte* const frame = first_;
    if (frame == nullptr) return nullptr;
    first_ = *reinterpret_cast<std::byte**>(frame);
    --count_;
    return static_cast<std::byte*>(std::memset(frame, 0, page_size));
}

void Frames::fill_from(MemoryRange& pages, std::size_t most) noexcept {
    while (pages.size > page_size && count_ < most) {
        add(reinterpret_cast<std::byte*>(pages.base));
        pages.base += page_size;
        pages.size -= page_size;
    }
}

}  // namespace unicore::arch::tables
