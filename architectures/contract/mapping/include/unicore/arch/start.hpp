// SPDX-License-Identifier: BSD-3-Clause
/// How a platform and an architecture meet at the start, where images run at addresses of their own and a device
/// tree tells the rest.
#pragma once

#include <unicore/base/units.hpp>

#include <cstdint>

/// The platform's: called by the architecture's entry, with W^X in force on the image's own pages, with the
/// device tree's physical address and the image's own. Faults print a register dump from here on.
extern "C" [[noreturn]] void unicore_platform_start(std::uintptr_t device_tree, std::uintptr_t image) noexcept;

namespace unicore::arch {

/// To be called first, with where the image was loaded: mapping works from here on.
void start(std::uintptr_t image) noexcept;

/// The physical address of `data`: of the image, though not of its text, or of memory that is mapped to itself.
/// Context: any.
std::uintptr_t physical_address(const void* data) noexcept;

/// Where the image was loaded, all of it. Context: any.
MemoryRange loaded_image() noexcept;

}  // namespace unicore::arch
