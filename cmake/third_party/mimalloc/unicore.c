/* SPDX-License-Identifier: BSD-3-Clause */
/* mimalloc in one object: the sources that are the allocator, and small functions in place of those that are its way
   to an operating system (os.c, arena.c, segment-cache.c, random.c, options.c, stats.c). */
#include "mimalloc.h"
#include "mimalloc-internal.h"

#include "segment.c"
#include "page.c"
#include "heap.c"
#include "alloc.c"
#include "alloc-aligned.c"
#include "init.c"

int unicore_mimalloc_errno;

/* components/memory/mimalloc: pages, `size` a multiple of them; null for none. */
void* unicore_mimalloc_take(size_t size, size_t alignment);
void unicore_mimalloc_give_back(void* first, size_t size);

/* What it costs that (start + offset) is aligned, and not start. */
static size_t front(size_t alignment, size_t offset) {
  return offset == 0 ? 0 : _mi_align_up(offset, alignment) - offset;
}

static void* take(size_t size, size_t alignment, size_t offset) {
  const size_t extra = front(alignment, offset);
  uint8_t* const start = (uint8_t*)unicore_mimalloc_take(_mi_align_up(size + extra, _mi_os_page_size()), alignment);
  return start == NULL ? NULL : start + extra;
}

static void give_back(void* start, size_t size, size_t alignment, size_t offset) {
  const size_t extra = front(alignment, offset);
  unicore_mimalloc_give_back((uint8_t*)start - extra, _mi_align_up(size + extra, _mi_os_page_size()));
}

/* os.c: everything is accessible, and nothing is zero. */
size_t _mi_os_page_size(void) { return 4096; }
void _mi_os_init(void) {}
void* _mi_os_alloc(size_t size, mi_stats_t* stats) { return take(size, _mi_os_page_size(), 0); }
void _mi_os_free(void* start, size_t size, mi_stats_t* stats) { give_back(start, size, _mi_os_page_size(), 0); }
bool _mi_os_protect(void* start, size_t size) { return false; }
bool _mi_os_unprotect(void* start, size_t size) { return false; }
bool _mi_os_commit(void* start, size_t size, bool* is_zero, mi_stats_t* stats) {
  if (is_zero != NULL) *is_zero = false;
  return true;
}
bool _mi_os_decommit(void* start, size_t size, mi_stats_t* stats) { return false; }
bool _mi_os_reset(void* start, size_t size, mi_stats_t* stats) { return false; }
size_t _mi_os_good_alloc_size(size_t size) {
  return size >= SIZE_MAX - _mi_os_page_size() ? size : _mi_align_up(size, _mi_os_page_size());
}
int _mi_os_numa_node_get(mi_os_tld_t* tld) { return 0; }
size_t _mi_os_numa_node_count_get(void) { return 1; }

/* arena.c: there are none but memory.pages. */
void* _mi_arena_alloc_aligned(size_t size, size_t alignment, size_t align_offset, bool* commit, bool* large,
                              bool* is_pinned, bool* is_zero, mi_arena_id_t req_arena_id, size_t* memid,
                              mi_os_tld_t* tld) {
  *commit = true;
  *large = false;
  *is_pinned = true; /* so that it is not given up in parts */
  *is_zero = false;
  *memid = 0;
  return take(size, alignment, align_offset);
}
void _mi_arena_free(void* start, size_t size, size_t alignment, size_t align_offset, size_t memid, bool all_committed,
                    mi_stats_t* stats) {
  give_back(start, size, alignment, align_offset);
}
mi_arena_id_t _mi_arena_id_none(void) { return 0; }
bool _mi_arena_memid_is_suitable(size_t memid, mi_arena_id_t request) { return true; }
int mi_reserve_huge_os_pages_at(size_t pages, int numa_node, size_t timeout) mi_attr_noexcept { return ENOMEM; }
int mi_reserve_huge_os_pages_interleave(size_t pages, size_t numa_nodes, size_t timeout) mi_attr_noexcept { return ENOMEM; }
int mi_reserve_os_memory(size_t size, bool commit, bool allow_large) mi_attr_noexcept { return ENOMEM; }

/* segment-cache.c: a segment without a block goes back at once; memory.pages is quick. */
void* _mi_segment_cache_pop(size_t size, mi_commit_mask_t* commit_mask, mi_commit_mask_t* decommit_mask, bool* large,
                            bool* is_pinned, bool* is_zero, mi_arena_id_t req_arena_id, size_t* memid, mi_os_tld_t* tld) {
  return NULL;
}
bool _mi_segment_cache_push(void* start, size_t size, size_t memid, const mi_commit_mask_t* commit_mask,
                            const mi_commit_mask_t* decommit_mask, bool is_large, bool is_pinned, mi_os_tld_t* tld) {
  return false;
}
void _mi_segment_cache_collect(bool force, mi_os_tld_t* tld) {}
void _mi_segment_cache_free_all(mi_os_tld_t* tld) {}
void _mi_segment_map_allocated_at(const mi_segment_t* segment) {}
void _mi_segment_map_freed_at(const mi_segment_t* segment) {}

/* random.c: for cookies and orders that only the secure variants rely on. */
void _mi_random_init(mi_random_ctx_t* context) { context->input[0] = 0x9E3779B9; }
void _mi_random_init_weak(mi_random_ctx_t* context) { _mi_random_init(context); }
void _mi_random_reinit_if_weak(mi_random_ctx_t* context) {}
void _mi_random_split(mi_random_ctx_t* context, mi_random_ctx_t* other) { other->input[0] = _mi_random_next(context); }
uintptr_t _mi_random_next(mi_random_ctx_t* context) {
  context->input[0] += 0x9E3779B9;
  return _mi_random_shuffle(context->input[0]) | 1;
}
uintptr_t _mi_os_random_weak(uintptr_t extra) { return extra; }

/* options.c: none are on but the one that says that memory is there from the start. */
long mi_option_get(mi_option_t option) { return option == mi_option_eager_commit; }
long mi_option_get_clamp(mi_option_t option, long least, long most) { return least; }
bool mi_option_is_enabled(mi_option_t option) { return mi_option_get(option) != 0; }
void _mi_options_init(void) {}
void _mi_fputs(mi_output_fun* out, void* arg, const char* prefix, const char* message) {}
void _mi_fprintf(mi_output_fun* out, void* arg, const char* format, ...) {}
void _mi_warning_message(const char* format, ...) {}
void _mi_verbose_message(const char* format, ...) {}
void _mi_trace_message(const char* format, ...) {}
void _mi_error_message(int error, const char* format, ...) {}

/* stats.c: memory.heap counts what it wants to know. */
void _mi_stat_increase(mi_stat_count_t* stat, size_t amount) {}
void _mi_stat_decrease(mi_stat_count_t* stat, size_t amount) {}
void _mi_stat_counter_increase(mi_stat_counter_t* stat, size_t amount) {}
void _mi_stats_done(mi_stats_t* stats) {}
void mi_stats_reset(void) mi_attr_noexcept {}
void mi_stats_print(void* out) mi_attr_noexcept {}
mi_msecs_t _mi_clock_now(void) { return 0; }

/* What the component calls. Blocks that are aligned to more than the rest lie inside of larger ones; `lost` is what of
   those is in front, so that the bytes in use are known without a sum for each block. */
static size_t lost = 0;

static mi_decl_noinline size_t in_front_of_aligned(const mi_page_t* page, const void* block) {
  return mi_page_block_size(page) - mi_usable_size(block);
}

static size_t in_front(const void* block) {
  const mi_page_t* const page = _mi_ptr_page(block);
  return mi_likely(!mi_page_has_aligned(page)) ? 0 : in_front_of_aligned(page, block);
}

static mi_decl_noinline void release_aligned(const mi_page_t* page, void* block) {
  lost -= in_front_of_aligned(page, block);
  mi_free(block);
}

void* unicore_mimalloc_allocate(size_t size) { return mi_malloc(size); }

void* unicore_mimalloc_allocate_aligned(size_t size, size_t alignment) {
  void* const block = mi_malloc_aligned(size, alignment);
  if (block != NULL) lost += in_front(block);
  return block;
}

void unicore_mimalloc_release(void* block) {
  const mi_page_t* const page = _mi_ptr_page(block);
  if (mi_unlikely(mi_page_has_aligned(page))) release_aligned(page, block);
  else mi_free(block);
}

void* unicore_mimalloc_reallocate(void* block, size_t size) {
  const size_t before = in_front(block);
  void* const moved = mi_realloc(block, size);
  if (moved != NULL && moved != block) lost -= before;
  return moved;
}

size_t unicore_mimalloc_usable_size(const void* block) { return mi_usable_size(block); }

static bool add(const mi_heap_t* heap, const mi_heap_area_t* area, void* block, size_t block_size, void* sum) {
  *(size_t*)sum += area->used * area->block_size;
  return true;
}

size_t unicore_mimalloc_allocated(void) {
  size_t sum = 0;
  mi_heap_visit_blocks(mi_heap_get_default(), false, add, &sum);
  return sum - lost;
}

void unicore_mimalloc_collect(void) { mi_collect(true); }
