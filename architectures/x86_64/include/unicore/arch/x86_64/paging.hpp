// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch::x86_64 {

/// One of the reserve of frames for page tables, zeroed; null for none. For whoever makes page tables of
/// another kind than arch::map.
std::byte* take_table_frame() noexcept;

}  // namespace unicore::arch::x86_64
