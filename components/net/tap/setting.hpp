// SPDX-License-Identifier: BSD-3-Clause
/// What the settings say.
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace unicore::net::tap {

inline constexpr std::size_t most_devices = 8;

/// The items of a list, with commas between them. An empty list has one, which is empty.
class Items {
public:
    explicit constexpr Items(std::string_view list) noexcept : rest_(list) {}

    /// The next one; nothing behind the last.
    std::optional<std::string_view> next() noexcept;

private:
    std::optional<std::string_view> rest_;
};

/// Where a device's frames go.
struct Place {
    bool socket;            ///< of the file system; else an interface of the host's
    std::string_view name;  ///< or path, as it was in the text
};

/// `NAME` or `unix:PATH`. Errors: invalid_argument when that cannot be an interface's name or a socket's path.
/// [Linux, dev_valid_name; unix(7)]
Result<Place> parse_place(std::string_view item) noexcept;

}  // namespace unicore::net::tap
