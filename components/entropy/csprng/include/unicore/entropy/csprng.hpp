// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::entropy::csprng {

/// Fills `bytes` with random bytes, fit for keys. What was given out cannot be computed from the
/// generator's state afterwards. Context: thread.
/// Errors: not_found when no source has seeded it, which ends the boot of an image that has it; so
/// only a step that runs before its own meets this.
Result<void> fill(std::span<std::byte> bytes) noexcept;

/// A random number. Context: thread. Panics where `fill` would fail.
std::uint64_t next() noexcept;

}  // namespace unicore::entropy::csprng
