// SPDX-License-Identifier: BSD-3-Clause
/// What a provider of memory.pages defines; pages.cpp is between it and the callers.
#pragma once

#include <unicore/memory/pages.hpp>

namespace unicore::memory::pages::provider {

/// The first of `count` pages, not 0, at a multiple of `alignment`, a power of two of a page at least; null when there
/// are none. Context: thread.
std::byte* take(PageCount count, std::size_t alignment) noexcept;
void give_back(std::byte* first, PageCount count) noexcept;
Usage usage() noexcept;

}  // namespace unicore::memory::pages::provider
