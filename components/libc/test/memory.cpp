// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.22.3; POSIX.1-2017, posix_memalign]
#include "suites.hpp"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern "C" void* memalign(std::size_t alignment, std::size_t size);

namespace unicore::libc {
namespace {

/// Not known to the compiler, which takes allocations away.
template <typename T>
T of(T value) noexcept {
    asm volatile("" : "+r"(value));
    return value;
}

bool aligned(const void* block, std::size_t alignment) noexcept {
    return block != nullptr && reinterpret_cast<std::uintptr_t>(block) % alignment == 0;
}

void allocation(debug::Check& check) noexcept {
    auto* const block = static_cast<unsigned char*>(of(malloc(100)));
    check(aligned(block, alignof(std::max_align_t)), "malloc aligns");
    memset(block, 1, 100);
    auto* const larger = static_cast<unsigned char*>(of(realloc(block, 5000)));
    check(larger != nullptr && larger[0] == 1 && larger[99] == 1, "realloc keeps the contents");
    free(larger);
    free(nullptr);
    void* const none = of(malloc(0));
    void* const other = of(malloc(0));
    check(none != nullptr && none != other, "blocks of no bytes are blocks");
    free(none);
    free(other);
    auto* const zeros = static_cast<unsigned char*>(of(calloc(7, 11)));
    bool zero = zeros != nullptr;
    for (int i = 0; zero && i < 77; ++i) zero = zeros[i] == 0;
    check(zero, "calloc clears");
    free(zeros);
}

void alignment(debug::Check& check) noexcept {
    void* blocks[4] = {of(aligned_alloc(64, 128)), of(memalign(4096, 10)), nullptr, nullptr};
    check(aligned(blocks[0], 64) && aligned(blocks[1], 4096), "aligned_alloc, memalign");
    check(posix_memalign(&blocks[2], 256, 10) == 0 && aligned(blocks[2], 256), "posix_memalign");
    errno = 0;
    check(posix_memalign(&blocks[3], 24, 10) == EINVAL && posix_memalign(&blocks[3], sizeof(void*) / 2, 10) == EINVAL &&
              errno == 0,
          "posix_memalign refuses what is no alignment");
    check(of(aligned_alloc(of(std::size_t{24}), 48)) == nullptr && errno == EINVAL, "so does aligned_alloc");
    for (void* block : blocks) free(block);
}

void running_out(debug::Check& check) noexcept {
    const std::size_t most = of(SIZE_MAX / 2);
    errno = 0;
    check(of(malloc(most)) == nullptr && errno == ENOMEM, "malloc of too much");
    errno = 0;
    check(of(calloc(most, 2)) == nullptr && errno == ENOMEM, "calloc of too much");
    errno = 0;
    check(of(calloc(SIZE_MAX / 2, 4)) == nullptr && errno == ENOMEM, "calloc of a product that is none");
    auto* const block = static_cast<char*>(of(malloc(10)));
    if (!check(block != nullptr, "malloc")) return;
    strcpy(block, "kept");
    errno = 0;
    check(of(realloc(block, most)) == nullptr && errno == ENOMEM && strcmp(block, "kept") == 0,
              "realloc of too much keeps the block");
    free(block);
    void* out = nullptr;
    check(posix_memalign(&out, 16, most) == ENOMEM, "posix_memalign of too much");
}

/// Takes all that there is, and gives it back.
void all_of_it(debug::Check& check) noexcept {
    struct Block {
        Block* next;
        char rest[65536 - sizeof(void*)];
    };
    Block* blocks = nullptr;
    std::size_t count = 0;
    errno = 0;
    while (auto* const block = static_cast<Block*>(of(malloc(sizeof(Block))))) {
        block->next = blocks;
        blocks = block;
        ++count;
    }
    check(errno == ENOMEM && count != 0, "memory runs out with ENOMEM");
    while (blocks != nullptr) {
        Block* const next = blocks->next;
        free(blocks);
        blocks = next;
    }
    void* const again = of(malloc(sizeof(Block)));
    check(again != nullptr, "and is there again");
    free(again);
}

}  // namespace

void memory(debug::Check& check) noexcept {
    allocation(check);
    alignment(check);
    running_out(check);
    all_of_it(check);
}

}  // namespace unicore::libc
