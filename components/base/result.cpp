// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/result.hpp>

namespace unicore {

std::string_view to_string(Error error) noexcept {
    // One string after the other, in the order of the enumerators; an empty one ends them.
    static constexpr char names[] =
        "out of memory\0"
        "invalid argument\0"
        "out of range\0"
        "not found\0"
        "busy\0"
        "unsupported\0"
        "timed out\0"
        "stopped\0"
        "device error\0";
    const char* name = names;
    for (auto left = static_cast<unsigned>(error); left != 0 && *name != '\0'; --left)
        while (*name++ != '\0') {
        }
    return *name != '\0' ? name : "unknown error";
}

}  // namespace unicore
