// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::debug::asan {

/// For allocators of an application: from now on an access to these bytes is reported as a use after poison. Of a granule
/// of 8 bytes only the end can be poisoned. Context: any.
void poison(const void* first, std::size_t size) noexcept;

/// From now on it is not. Context: any.
void unpoison(const void* first, std::size_t size) noexcept;

/// The first of these bytes that must not be accessed; null for none. Context: any.
const void* poisoned(const void* first, std::size_t size) noexcept;

}  // namespace unicore::debug::asan

extern "C" {

/// The same, as sanitizers' own header declares it: <sanitizer/asan_interface.h>.
void __asan_poison_memory_region(void const volatile* first, std::size_t size);
void __asan_unpoison_memory_region(void const volatile* first, std::size_t size);
int __asan_address_is_poisoned(void const volatile* address);
void* __asan_region_is_poisoned(void* first, std::size_t size);

}  // extern "C"
