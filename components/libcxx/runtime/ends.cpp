// SPDX-License-Identifier: BSD-3-Clause
// Destructors of variables. [Itanium C++ ABI, 3.3.6; Arm, Run-time ABI (IHI0043), 4.4.1; ISO C++23, basic.start.term]
#include <unicore/sched/locals.hpp>

#include <cstdlib>
#include <memory>

namespace {

using unicore::sched::locals::AtEnd;

/// A variable of the thread that runs, to be destroyed at its end.
struct Ending : AtEnd {
    Ending(void (*function)(void*), void* object) noexcept : AtEnd{.run = end}, destroy(function), variable(object) {}

    static void end(AtEnd& self) noexcept {
        const std::unique_ptr<Ending> ending(static_cast<Ending*>(&self));
        ending->destroy(ending->variable);
    }

    void (*destroy)(void*);
    void* variable;
};

}  // namespace

extern "C" {

int __cxa_atexit(void (*function)(void*), void* object, void* whole) noexcept;

/// All of the image: nothing of it is unloaded before the rest.
constinit void* __dso_handle = nullptr;

int __aeabi_atexit(void* object, void (*function)(void*), void* whole) noexcept {
    return __cxa_atexit(function, object, whole);
}

[[noreturn]] void __real_exit(int status);

/// Variables of the thread that calls it end before those of the image. Images are linked with --wrap=exit.
[[noreturn]] void __wrap_exit(int status) {
    unicore::sched::locals::finish();
    __real_exit(status);
}

/// Errors: without memory the program ends, as it may not know.
int __cxa_thread_atexit(void (*function)(void*), void* object, void*) noexcept {
    unicore::sched::locals::at_end(*new Ending(function, object));
    return 0;
}

}  // extern "C"
