// SPDX-License-Identifier: BSD-3-Clause
// What -fstack-protector refers to: a value that functions put behind their arrays and compare when they return.
#include <unicore/base/panic.hpp>

#include <cstdint>

extern "C" {

/// Of the functions that run before the boot step.
constinit std::uintptr_t __stack_chk_guard = static_cast<std::uintptr_t>(0x6a09'e667'bb67'ae00);

[[noreturn]] void __stack_chk_fail() { unicore::panic("stack smashed: a function wrote past the end of its frame"); }

}  // extern "C"
