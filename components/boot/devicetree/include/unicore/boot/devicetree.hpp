// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/units.hpp>

#include <cstdint>

namespace unicore::boot::devicetree {

/// Makes the tree at the physical address `tree` the machine's, and takes memory map and command line over
/// from it. `image`: where the image itself lies. Context: the entry, on the boot stack.
/// Panics when that is no tree.
void start(std::uintptr_t tree, MemoryRange image) noexcept;

/// The machine's memory, all that its tree names. Context: any, after `start`.
PageCount memory() noexcept;

}  // namespace unicore::boot::devicetree
