// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/mapping.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/platform.hpp>

namespace unicore::platform {

std::span<const MemoryRange> memory() noexcept { return boot::memory_map::ranges(); }

Result<MemoryRange> commit(MemoryRange range) noexcept { return arch::commit(range); }
Result<void> guard(MemoryRange stack, TakePage take_page) noexcept { return arch::guard(stack, take_page); }
MemoryRange first_stack() noexcept { return arch::first_stack(); }
void unguard(std::uintptr_t page) noexcept { arch::unguard(page); }

}  // namespace unicore::platform
