// SPDX-License-Identifier: BSD-3-Clause
// Destructors of variables. [Itanium C++ ABI, 3.3.6; Arm, Run-time ABI (IHI0043), 4.4.1; ISO C++23, basic.start.term]
#include <unicore/base/panic.hpp>

#include <cstdlib>

extern "C" {

int __cxa_atexit(void (*function)(void*), void* object, void* whole) noexcept;

/// All of the image: nothing of it is unloaded before the rest.
constinit void* __dso_handle = nullptr;

int __aeabi_atexit(void* object, void (*function)(void*), void* whole) noexcept {
    return __cxa_atexit(function, object, whole);
}

[[noreturn]] void __real_exit(int status);

[[noreturn]] void __wrap_exit(int status) { __real_exit(status); }

}  // extern "C"
