/* SPDX-License-Identifier: BSD-3-Clause */
/* What heaps are compared with: blocks of a program that keeps some thousands of them, most of them small, which live
   and die in no order. The same file in the image and in its baseline (cmake/tools/measure/heap.c), which say what
   ALLOCATE and RELEASE are. */
#ifndef UNICORE_EXAMPLES_HEAP_WORKLOAD_H
#define UNICORE_EXAMPLES_HEAP_WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

enum { slots = 4096 };

/* Four in five blocks have up to 256 bytes, one in five up to 2 KiB, and every fortieth up to 16 KiB. */
static inline size_t block_size(uint64_t random) {
    const uint64_t kind = random % 40;
    const size_t most = kind == 0 ? 16384 : kind < 8 ? 2048 : 256;
    return 16 + (size_t)(random >> 32) % (most - 15);
}

/* `turns` times: the block of a slot, drawn at random, makes room for a new one. Returns whether all blocks were had. */
static inline int churn(uint64_t turns) {
    static unsigned char* blocks[slots];
    uint64_t random = 0x9E3779B97F4A7C15;
    for (uint64_t turn = 0; turn != turns; ++turn) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        unsigned char** const slot = &blocks[random % slots];
        RELEASE(*slot);
        *slot = (unsigned char*)ALLOCATE(block_size(random));
        if (*slot == NULL) return 0;
        **slot = 1;
    }
    for (int i = 0; i < slots; ++i) {
        RELEASE(blocks[i]);
        blocks[i] = NULL;
    }
    return 1;
}

#endif
