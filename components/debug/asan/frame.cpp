// SPDX-License-Identifier: BSD-3-Clause
#include "frame.hpp"

#include <limits>

namespace unicore::debug::asan {
namespace {

/// The number in front of a blank; stands behind that afterwards.
std::size_t take_number(const char*& text) noexcept {
    std::size_t number = 0;
    while (*text >= '0' && *text <= '9') number = number * 10 + static_cast<std::size_t>(*text++ - '0');
    if (*text == ' ') ++text;
    return number;
}

std::size_t distance(const Variable& variable, std::size_t offset) noexcept {
    if (offset < variable.start) return variable.start - offset;
    return offset - variable.start < variable.size ? 0 : offset - (variable.start + variable.size) + 1;
}

}  // namespace

Variable nearest(const char* description, std::size_t offset) noexcept {
    Variable best{};
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (std::size_t left = take_number(description); left != 0 && *description != '\0'; --left) {
        Variable variable{};
        variable.start = take_number(description);
        variable.size = take_number(description);
        const std::size_t length = take_number(description);
        variable.name = std::string_view(description, length);
        description += length;
        if (*description == ' ') ++description;
        // The line of its definition follows a colon.
        variable.name = variable.name.substr(0, variable.name.find(':'));
        if (const std::size_t far = distance(variable, offset); far < least) {
            least = far;
            best = variable;
        }
    }
    return best;
}

}  // namespace unicore::debug::asan
