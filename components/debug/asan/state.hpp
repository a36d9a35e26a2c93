// SPDX-License-Identifier: BSD-3-Clause
/// What the parts of the component have in common.
#pragma once

#include "shadow.hpp"

namespace unicore::debug::asan {

/// A global variable as the compiler describes it. [LLVM 19, AddressSanitizer.cpp, instrumentGlobals]
struct Global {
    std::uintptr_t start;
    std::size_t size;
    std::size_t size_with_zone;
    const char* name;
    const char* source;
    std::uintptr_t initialised_dynamically;
    const void* location;
    std::uintptr_t indicator;
};

/// The image's. Nothing is checked before the boot step.
extern constinit Shadow shadow;

/// The global whose zone `address` is in, or null.
const Global* global_at(std::uintptr_t address) noexcept;

/// An access that was made, or is about to be.
struct Access {
    std::uintptr_t first;
    std::size_t size;
    bool write;
    std::uintptr_t code;  ///< where
};

/// Says what is wrong with it: the byte at `wrong`. Returns when it was told, if the setting says so. Context: any.
void report(const Access& access, std::uintptr_t wrong) noexcept;

}  // namespace unicore::debug::asan
