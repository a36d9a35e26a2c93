// SPDX-License-Identifier: BSD-3-Clause
// Which exceptions a thread has caught, and what of it is on its way. [Itanium C++ ABI, 2.2.2; libc++abi, cxa_exception.h]
namespace {

struct Globals {
    void* caught = nullptr;
    unsigned uncaught = 0;
    void* propagating = nullptr;  ///< Arm's exception handling ABI only
};

constinit thread_local Globals globals{};

}  // namespace

extern "C" {
Globals* __cxa_get_globals() noexcept { return &globals; }
Globals* __cxa_get_globals_fast() noexcept { return &globals; }
}
