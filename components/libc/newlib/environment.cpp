// SPDX-License-Identifier: BSD-3-Clause
// C's environment: the settings environment=NAME=VALUE, then what the platform hands over. The first of a name counts.
// [ISO C17, 7.22.4.6; POSIX.1-2017, XBD 8.1]
#include "environment.hpp"

#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>

#include <cstddef>
#include <string_view>

namespace {

constexpr std::size_t most_settings = 32;
constexpr std::size_t most_variables = 256;

constinit char* variables[most_variables + 1]{};
constinit std::size_t count = 0;

}  // namespace

extern "C" constinit char** environ = variables;

namespace unicore::libc::newlib {

/// Keeps the setting's own characters, which last as long as the image.
Result<void> set_variable(std::string_view value) noexcept {
    const std::size_t name = value.find('=');
    if (name == 0 || name == value.npos) return unexpected(Error::invalid_argument);
    if (count == most_settings) return unexpected(Error::out_of_range);
    variables[count++] = const_cast<char*>(value.data());
    return {};
}

Result<void> start() noexcept {
    for (char** variable = platform_variables(); *variable != nullptr; ++variable) {
        if (count == most_variables) {
            text::report("libc.newlib: more than 256 environment variables; the rest is not used");
            break;
        }
        variables[count++] = *variable;
    }
    return {};
}

}  // namespace unicore::libc::newlib
