// SPDX-License-Identifier: BSD-3-Clause
#include "linux.hpp"

#include <unicore/base/units.hpp>

namespace unicore::platform::linux {
namespace {

constexpr std::uint64_t smallest = 64 * 1024;
/// Half of what an address can express: 64-bit kernels give processes 47 bits, 32-bit ones at least 31.
constexpr std::uint64_t largest = sizeof(std::uintptr_t) == 8 ? std::uint64_t{1} << 46 : std::uint64_t{1} << 30;

}  // namespace

Result<std::size_t> parse_memory_size(std::string_view text) noexcept {
    unsigned shift = 20;
    if (!text.empty()) {
        switch (text.back()) {
            case 'K': shift = 10; text.remove_suffix(1); break;
            case 'M': shift = 20; text.remove_suffix(1); break;
            case 'G': shift = 30; text.remove_suffix(1); break;
            default: break;
        }
    }
    if (text.empty()) return unexpected(Error::invalid_argument);
    const std::uint64_t limit = largest >> shift;
    std::uint64_t number = 0;
    for (const char character : text) {
        if (character < '0' || character > '9') return unexpected(Error::invalid_argument);
        if (number <= limit) number = number * 10 + static_cast<std::uint64_t>(character - '0');
    }
    if (number > limit || number << shift < smallest) return unexpected(Error::out_of_range);
    return static_cast<std::size_t>(align_down(number << shift, page_size));
}

}  // namespace unicore::platform::linux
