// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/result.hpp>

#include <algorithm>

namespace unicore {

std::string_view to_string(Error error) noexcept {
    // One string after the other, in the order of the enumerators.
    const char* name =
        "out of memory\0"
        "invalid argument\0"
        "out of range\0"
        "not found\0"
        "busy\0"
        "unsupported\0"
        "timed out\0"
        "stopped\0"
        "device error\0"
        "unknown error";
    for (auto left = std::min(static_cast<unsigned>(error), static_cast<unsigned>(Error::device_error) + 1); left != 0; --left)
        while (*name++ != '\0') {
        }
    return name;
}

}  // namespace unicore
