// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::boot::pvh {

/// What else start_info says.
struct Start {
    std::uint32_t flags;
    bool has_memory_map;  ///< whether there was one to take over
};

/// Sets up exceptions and page tables, and takes memory map and command line over from `start_info`,
/// a physical address; see boot.command_line for `claims`.
/// Context: the entry, on the boot stack. Panics when that is no start_info.
Start start(std::uintptr_t start_info, bool (*claims)(char* word) noexcept = nullptr) noexcept;

}  // namespace unicore::boot::pvh
