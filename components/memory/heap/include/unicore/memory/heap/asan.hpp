// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <string_view>

namespace unicore::memory::heap::asan {

/// Whether the image tells debug.asan of its blocks, so that released ones are not used again at once. Context: any.
bool exist() noexcept;

/// How many bytes of released blocks are kept from being used again: the setting heap.quarantine.
/// Errors: invalid_argument when it is no number; out_of_range above 1 GiB.
Result<void> choose(std::string_view bytes) noexcept;

}  // namespace unicore::memory::heap::asan
