// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore {

/// Reports a broken invariant through `panic`. Context: any.
[[noreturn]] void assertion_failed(const char* expression, const char* file, unsigned line) noexcept;

}  // namespace unicore

/// Whether this is a development build, which checks and tells more.
#ifdef NDEBUG
namespace unicore {
inline constexpr bool development = false;
}
#else
namespace unicore {
inline constexpr bool development = true;
}
#endif

/// A condition that only a bug can break. Checked outside release presets (NDEBUG), never evaluated in them.
#ifdef NDEBUG
#define UNICORE_ASSERT(...) static_cast<void>(sizeof((__VA_ARGS__) ? 1 : 0))
#else
#define UNICORE_ASSERT(...)           \
    ((__VA_ARGS__) ? static_cast<void>(0) \
                   : ::unicore::assertion_failed(#__VA_ARGS__, __FILE_NAME__, __LINE__))
#endif
