// SPDX-License-Identifier: BSD-3-Clause
#include "linux.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/linux/config.hpp>
#include <unicore/platform/linux/system_call.hpp>

namespace unicore::platform {
namespace {

constexpr int protect_none = 0, protect_read_write = 1 | 2;  // PROT_*

static_assert(linux::config::memory <= ~std::size_t{0} >> 20);  // the option's range depends on the architecture

constinit std::size_t setting = 0;  // zero: not set; initialised data would be one more segment to load
constinit MemoryRange reserved{};

}  // namespace

Result<void> linux::set_memory(std::string_view value) noexcept {
    setting = UNICORE_TRY(parse_memory_size(value));
    return {};
}

std::span<const MemoryRange> memory() noexcept {
    if (reserved.size == 0) {
        const std::size_t wanted = setting != 0 ? setting : static_cast<std::size_t>(linux::config::memory) << 20;
        // Addresses only: memory is taken from the system page by page as it is touched.
        const long base = linux::system_call(linux::Call::mmap, nullptr, wanted, protect_none,
                                             linux::map_private | linux::map_anonymous | linux::map_noreserve, -1, 0);
        if (linux::failed(base)) {
            text::Line line;
            line << "cannot reserve " << (wanted >> 10) << " KiB of addresses: error " << -base << " of mmap";
            panic(line.view());
        }
        reserved = {static_cast<std::uintptr_t>(base), wanted};
    }
    return {&reserved, 1};
}

Result<MemoryRange> commit(MemoryRange range) noexcept {
    UNICORE_ASSERT(range.base % page_size == 0 && range.size % page_size == 0);
    UNICORE_ASSERT(range.base >= reserved.base && range.size <= reserved.end() - range.base);
    if (linux::failed(linux::system_call(linux::Call::mprotect, range.base, range.size, protect_read_write)))
        return unexpected(Error::out_of_memory);
    return range;
}

Result<void> guard(MemoryRange stack, TakePage) noexcept {
    if (linux::failed(linux::system_call(linux::Call::mprotect, stack.base, page_size, protect_none)))
        return unexpected(Error::out_of_memory);  // of the kernel's own
    return {};
}

void unguard(std::uintptr_t page) noexcept {
    if (!commit({page, page_size})) panic("the kernel does not give a page back");
}

}  // namespace unicore::platform
