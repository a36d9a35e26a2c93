// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/guard.hpp>

#include <cstddef>
#include <cstdint>

/// The page below the boot stack, by the linker script.
extern "C" const std::byte unicore_guard_first[];

namespace unicore::arch {

/// What an instruction was about when it faulted.
enum class Attempt : std::uint8_t { read, write, execute };

[[gnu::weak]] bool is_guard(std::uintptr_t) noexcept { return false; }

/// A fault at an address in the words that all machines use.
inline const char* describe(Attempt attempt, std::uintptr_t address) noexcept {
    constexpr std::uintptr_t page = 4096;
    if (address - reinterpret_cast<std::uintptr_t>(unicore_guard_first) < page || is_guard(address)) return "stack overflow";
    if (address < page) return "null pointer";
    if (attempt == Attempt::execute) return "execution of data";
    return attempt == Attempt::write ? "write not allowed" : "read not allowed";
}

}  // namespace unicore::arch
