// SPDX-License-Identifier: BSD-3-Clause
/// What every platform supplies: early output, memory map, command line, halt.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace unicore::platform {

/// Writes diagnostics (panic, log, status line) at once, polled. Works from the first instruction
/// of C++ on. Context: any, masked or not. Loses text rather than hang when the device is dead.
void early_write(std::string_view text) noexcept;

/// Memory that the image may use, beyond its own: page-aligned, disjoint, ascending. Not accessible
/// before `commit`. Empty when there is none.
std::span<const MemoryRange> memory() noexcept;

/// Makes `range`, page-aligned and inside one range of `memory()`, readable and writable. Returns
/// the part that is left to the caller: the platform may keep pages at its start for page tables,
/// though never all of it when `range` has at least 8 pages.
/// Context: thread or masked; not reentrant. Errors: out_of_memory.
Result<MemoryRange> commit(MemoryRange range) noexcept;

/// Yields a page of committed memory, which is kept for page tables. Null: there is none.
using TakePage = std::byte* (*)() noexcept;

/// Takes the access to the first page of `stack` away, all of which is committed, page-aligned and not in use; a
/// stack that contains it later does not make that of another one inaccessible, even for a moment. For what grows down to there.
/// Context: thread. Errors: out_of_memory when page tables or their like have no room; unsupported.
Result<void> guard(MemoryRange stack, TakePage take_page) noexcept;

/// Makes a page accessible again that was the first one in `guard`. Context: thread.
void unguard(std::uintptr_t page) noexcept;

/// The stack that main runs on, without what guards it. Context: any.
MemoryRange first_stack() noexcept;

/// Run-time settings: the words `name=value` that are for the image and not for its application, in
/// the order given, null-terminated, quotes taken off (base/words.hpp).
std::span<char* const> settings() noexcept;

/// The application's arguments; argv[0] is the image's name, argv[argc] is null.
struct Arguments {
    int count;
    char** values;
};
Arguments arguments() noexcept;

/// Stops the machine. The status line is out already; a platform that can also hands `status`
/// (0–255) to whoever started it. Context: any.
[[noreturn]] void halt(int status) noexcept;

}  // namespace unicore::platform
