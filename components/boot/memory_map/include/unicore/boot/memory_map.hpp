// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/units.hpp>

#include <cstdint>
#include <span>

namespace unicore::boot::memory_map {

/// Keeps [first, end) out of what is added after it: the null page, the image, what a loader reserves.
/// Up to the end of all addresses where it wraps round. Context: before the boot steps. Panics when there
/// are more than 16.
void keep(std::uint64_t first, std::uint64_t end) noexcept;

/// Keeps what every image keeps: the null page and its own. Context: before the boot steps.
void keep_own() noexcept;

/// Adds RAM from `first` up to `end`, in ascending order: its whole pages, without what is kept. What
/// overlaps earlier RAM, wraps round or lies where nothing can be mapped is reported and not added.
/// Context: before the boot steps.
void add(std::uint64_t first, std::uint64_t end) noexcept;

/// What is there to be handed out: page-aligned, disjoint, ascending.
std::span<const MemoryRange> ranges() noexcept;

}  // namespace unicore::boot::memory_map
