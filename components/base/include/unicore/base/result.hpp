// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>
#include <utility>

namespace unicore {

/// What the environment can do to a caller. Bugs assert instead.
enum class Error : std::uint8_t {
    out_of_memory,     ///< no memory of the size or kind asked for
    invalid_argument,  ///< a value that can never be right
    out_of_range,      ///< past the end of what exists
    not_found,         ///< the thing asked for is not there
    busy,              ///< full or in use; may work later
    unsupported,       ///< this machine or configuration cannot do it
    timed_out,         ///< the deadline passed first
    stopped,           ///< a stop request ended the wait
    device_error,      ///< hardware, hypervisor or peer misbehaved
};

/// The enumerator's name, for messages; null-terminated.
std::string_view to_string(Error error) noexcept;

/// A value, or the reason why there is none.
template <typename T>
using Result = std::expected<T, Error>;

using std::unexpected;

}  // namespace unicore

/// Yields the value of a Result expression, or returns its error from the enclosing function.
/// `auto page = UNICORE_TRY(memory::pages::allocate(PageCount{1}));`
#define UNICORE_TRY(...)                                        \
    __extension__({                                             \
        auto unicore_result_ = (__VA_ARGS__);                   \
        if (!unicore_result_) [[unlikely]]                      \
            return std::unexpected(unicore_result_.error());    \
        *std::move(unicore_result_);                            \
    })
