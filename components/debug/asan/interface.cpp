// SPDX-License-Identifier: BSD-3-Clause
// What the compiler calls. [LLVM 19, lib/Transforms/Instrumentation/AddressSanitizer.cpp]
#include "state.hpp"

#include <unicore/base/poison.hpp>
#include <unicore/debug/asan.hpp>

#include <algorithm>
#include <cstring>

extern "C" {
extern const std::byte unicore_image_first[];
extern const std::byte unicore_image_end[];
}

using namespace unicore::debug::asan;
using unicore::poison::Kind;

namespace {

std::uintptr_t number(void const volatile* pointer) noexcept { return reinterpret_cast<std::uintptr_t>(pointer); }
std::uintptr_t caller(void* address) noexcept { return number(address); }

/// Of any size.
void check(std::uintptr_t first, std::size_t size, bool write, std::uintptr_t code) noexcept {
    if (const std::uintptr_t wrong = shadow.find(first, size); wrong != 0) [[unlikely]] report({first, size, write, code}, wrong);
}

/// How far up a stack is looked for frames that nobody returns to: the first one ends with the image, others somewhere.
constexpr std::size_t most_stack = std::size_t{4} << 20;

std::size_t stack_above(std::uintptr_t frame) noexcept {
    const std::uintptr_t end = number(unicore_image_end);
    return std::min<std::uintptr_t>(frame < end && frame >= number(unicore_image_first) ? end - frame : most_stack, most_stack);
}

/// Room that `alloca` takes: so much in front of it, and what is behind it up to a multiple, and so much again.
constexpr std::size_t alloca_zone = 32;
constexpr std::uint8_t alloca_front = 0xca, alloca_end = 0xcb;
constexpr std::uint8_t out_of_scope = 0xf8;

}  // namespace

namespace unicore {

void poison::set(const void* first, std::size_t size, Kind kind) noexcept { shadow.poison(number(first), size, static_cast<std::uint8_t>(kind)); }
void poison::clear(const void* first, std::size_t size) noexcept { shadow.clear(number(first), size); }

namespace debug {

void asan::poison(const void* first, std::size_t size) noexcept { poison::set(first, size, Kind::user); }
void asan::unpoison(const void* first, std::size_t size) noexcept { poison::clear(first, size); }
const void* asan::poisoned(const void* first, std::size_t size) noexcept {
    return reinterpret_cast<const void*>(shadow.find(number(first), size));
}

}  // namespace debug
}  // namespace unicore

extern "C" {

// A function for each size, so that what nearly always happens takes few instructions.
#define UNICORE_ASAN_CHECK(name, size, write)                                                                           \
    void __asan_##name##size##_noabort(std::uintptr_t address) {                                                        \
        if (shadow.forbids<size>(address)) [[unlikely]] check(address, size, write, caller(__builtin_return_address(0))); \
    }
UNICORE_ASAN_CHECK(load, 1, false)
UNICORE_ASAN_CHECK(load, 2, false)
UNICORE_ASAN_CHECK(load, 4, false)
UNICORE_ASAN_CHECK(load, 8, false)
UNICORE_ASAN_CHECK(load, 16, false)
UNICORE_ASAN_CHECK(store, 1, true)
UNICORE_ASAN_CHECK(store, 2, true)
UNICORE_ASAN_CHECK(store, 4, true)
UNICORE_ASAN_CHECK(store, 8, true)
UNICORE_ASAN_CHECK(store, 16, true)
#undef UNICORE_ASAN_CHECK

void __asan_loadN_noabort(std::uintptr_t address, std::size_t size) { check(address, size, false, caller(__builtin_return_address(0))); }
void __asan_storeN_noabort(std::uintptr_t address, std::size_t size) { check(address, size, true, caller(__builtin_return_address(0))); }

void* __asan_memcpy(void* to, const void* from, std::size_t size) {
    check(number(from), size, false, caller(__builtin_return_address(0)));
    check(number(to), size, true, caller(__builtin_return_address(0)));
    return std::memcpy(to, from, size);
}
void* __asan_memmove(void* to, const void* from, std::size_t size) {
    check(number(from), size, false, caller(__builtin_return_address(0)));
    check(number(to), size, true, caller(__builtin_return_address(0)));
    return std::memmove(to, from, size);
}
void* __asan_memset(void* to, int value, std::size_t size) {
    check(number(to), size, true, caller(__builtin_return_address(0)));
    return std::memset(to, value, size);
}

// Frames. With a mapping that adds nothing, the shadow's address tells that of the memory.
#define UNICORE_ASAN_SET(digits)                                                              \
    void __asan_set_shadow_##digits(std::uintptr_t shadow_address, std::size_t count) {       \
        shadow.set(shadow_address * Shadow::granule, count, 0x##digits);                      \
    }
UNICORE_ASAN_SET(00)
UNICORE_ASAN_SET(01)
UNICORE_ASAN_SET(02)
UNICORE_ASAN_SET(03)
UNICORE_ASAN_SET(04)
UNICORE_ASAN_SET(05)
UNICORE_ASAN_SET(06)
UNICORE_ASAN_SET(07)
UNICORE_ASAN_SET(f1)
UNICORE_ASAN_SET(f2)
UNICORE_ASAN_SET(f3)
UNICORE_ASAN_SET(f5)
UNICORE_ASAN_SET(f8)
#undef UNICORE_ASAN_SET

void __asan_poison_stack_memory(std::uintptr_t first, std::size_t size) { shadow.poison(first, size, out_of_scope); }
void __asan_unpoison_stack_memory(std::uintptr_t first, std::size_t size) { shadow.clear(first, size); }

void __asan_alloca_poison(std::uintptr_t first, std::size_t size) {
    const std::uintptr_t end = first + size, behind = unicore::align_up(end, alloca_zone);
    shadow.poison(first - alloca_zone, alloca_zone, alloca_front);
    shadow.poison(end, behind + alloca_zone - end, alloca_end);
}
void __asan_allocas_unpoison(std::uintptr_t top, std::uintptr_t bottom) {
    if (top != 0 && top <= bottom) shadow.clear(top, bottom - top);
}

void __asan_handle_no_return() {
    const std::uintptr_t here = number(__builtin_frame_address(0));
    shadow.clear_stack(here, stack_above(here));
}

void __asan_before_dynamic_init(const char*) {}
void __asan_after_dynamic_init() {}

void __asan_poison_memory_region(void const volatile* first, std::size_t size) {
    shadow.poison(number(first), size, static_cast<std::uint8_t>(Kind::user));
}
void __asan_unpoison_memory_region(void const volatile* first, std::size_t size) { shadow.clear(number(first), size); }
int __asan_address_is_poisoned(void const volatile* address) { return shadow.find(number(address), 1) != 0; }
void* __asan_region_is_poisoned(void* first, std::size_t size) { return const_cast<void*>(poisoned(first, size)); }

}  // extern "C"
