// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <string_view>

namespace unicore::memory::heap::checks {

/// Whether the image has checks, so that released blocks are not used again at once. Context: any.
bool exist() noexcept;

/// What is done: the setting heap.checks, `poison` or `redzones`. Before the first block.
/// Errors: invalid_argument when it is neither.
Result<void> choose(std::string_view name) noexcept;

}  // namespace unicore::memory::heap::checks
