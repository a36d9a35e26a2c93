// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/memory/heap.hpp>
#include <unicore/memory/pages.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <iterator>
#include <new>
#include <utility>

namespace unicore::test {

/// Not known to the compiler, which takes allocations away.
template <typename T>
T of(T value) noexcept {
    asm volatile("" : "+r"(value) : : "memory");
    return value;
}

/// Takes what there is: pages, then what the heap has in blocks of `least` bytes and more. Where that is a stack, some
/// small blocks can be had; where it is `nothing_at_all`, there is none of any size that a heap may keep apart. With
/// `again` it also takes what small blocks leave that were neighbours: memory.heap.asan makes them large enough for that.
class Nothing {
public:
    static constexpr std::size_t a_stack = 70'000, nothing_at_all = 0;

    explicit Nothing(std::size_t least = a_stack, bool again = false) noexcept {
        void* small[64]{};
        if (least == a_stack)
            for (std::size_t i = 0; i != std::size(small); ++i)
                small[i] = memory::heap::allocate(std::size_t{16} << i % 8).value_or(nullptr);
        for (std::size_t count = std::bit_floor(memory::pages::usage().total.value); count != 0; count /= 2)
            while (const auto taken = memory::pages::try_take(PageCount{count}))
                pieces_ = ::new (static_cast<void*>(*taken)) Piece{pieces_, count};
        for (std::size_t size = std::max(least, a_stack); size >= std::max(least, sizeof(Piece)); size /= 2)
            take(size);
        for (std::size_t size = least == nothing_at_all ? 512 : 0; size >= sizeof(Piece); size -= 8) take(size);
        for (void* const block : small) memory::heap::release(block);
        if (again) take(least);
    }
    ~Nothing() {
        while (blocks_ != nullptr) memory::heap::release(std::exchange(blocks_, blocks_->next));
        while (pieces_ != nullptr) {
            const Piece piece = *pieces_;
            memory::pages::give_back(reinterpret_cast<std::byte*>(pieces_), PageCount{piece.count});
            pieces_ = piece.next;
        }
    }
    Nothing(const Nothing&) = delete;
    Nothing& operator=(const Nothing&) = delete;

private:
    struct Piece {
        Piece* next;
        std::size_t count;
    };
    void take(std::size_t size) noexcept {
        while (const auto block = memory::heap::allocate(size)) blocks_ = ::new (*block) Piece{blocks_, 0};
    }

    Piece* pieces_ = nullptr;
    Piece* blocks_ = nullptr;
};

}  // namespace unicore::test
