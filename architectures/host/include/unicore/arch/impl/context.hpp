// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <span>

namespace unicore::arch {

/// As the C library switches. The sanitizer is told which stack is in use. [sanitizer/common_interface_defs.h]
class Context {
public:
    void prepare(std::span<std::byte> stack, void (*main)(void*) noexcept, void* argument) noexcept;
    static void switch_to(Context& from, Context& to) noexcept;

private:
    static void begin() noexcept;
    static void arrived(void* shadow) noexcept;

    ucontext_t state_{};
    std::span<const std::byte> stack_;  ///< empty: the sanitizer says it when it is left for the first time
    void (*main_)(void*) noexcept = nullptr;
    void* argument_ = nullptr;
};

}  // namespace unicore::arch
