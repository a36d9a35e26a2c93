// SPDX-License-Identifier: BSD-3-Clause
/// What the sources of this platform share.
#pragma once

#include "start_info.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::platform::kvm {

/// Copies and takes apart the command line, a string at a physical address that is mapped up to
/// `limit` bytes.
void set_command_line(const char* text, std::size_t limit) noexcept;

/// Takes over the loader's memory map.
void set_memory_map(std::span<const MemoryMapEntry> map) noexcept;

/// Reports something that is wrong with the machine but not the end.
void complain(std::string_view what) noexcept;

}  // namespace unicore::platform::kvm
