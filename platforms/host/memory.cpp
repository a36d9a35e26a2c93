// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>

#include <pthread.h>

// A test that wants memory brings its own.
namespace unicore::platform {

std::span<const MemoryRange> memory() noexcept { return {}; }
Result<MemoryRange> commit(MemoryRange) noexcept { return unexpected(Error::out_of_memory); }

Result<void> guard(MemoryRange, TakePage) noexcept { return unexpected(Error::unsupported); }
void unguard(std::uintptr_t) noexcept {}

MemoryRange first_stack() noexcept {
    pthread_attr_t attributes;
    void* base = nullptr;
    std::size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {};
    pthread_attr_getstack(&attributes, &base, &size);
    pthread_attr_destroy(&attributes);
    return {reinterpret_cast<std::uintptr_t>(base), size};
}

}  // namespace unicore::platform
