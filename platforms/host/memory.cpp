// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>

// A test that wants memory brings its own.
namespace unicore::platform {

std::span<const MemoryRange> memory() noexcept { return {}; }
Result<MemoryRange> commit(MemoryRange) noexcept { return unexpected(Error::out_of_memory); }

Result<void> guard(MemoryRange, TakePage) noexcept { return unexpected(Error::unsupported); }
void unguard(std::uintptr_t) noexcept {}

}  // namespace unicore::platform
