// SPDX-License-Identifier: BSD-3-Clause
#include "linux.hpp"

#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>

namespace unicore::platform::linux {
namespace {

constexpr std::uint64_t smallest = 64 * 1024;
/// Half of what an address can express: 64-bit kernels give processes 47 bits, 32-bit ones at least 31.
constexpr std::uint64_t largest = sizeof(std::uintptr_t) == 8 ? std::uint64_t{1} << 46 : std::uint64_t{1} << 30;

}  // namespace

Result<std::size_t> parse_memory_size(std::string_view size) noexcept {
    unsigned shift = 20;
    if (!size.empty()) {
        switch (size.back()) {
            case 'K': shift = 10; size.remove_suffix(1); break;
            case 'M': shift = 20; size.remove_suffix(1); break;
            case 'G': shift = 30; size.remove_suffix(1); break;
            default: break;
        }
    }
    const std::uint64_t number = UNICORE_TRY(text::parse_decimal(size));
    if (number > largest >> shift || number << shift < smallest) return unexpected(Error::out_of_range);
    return static_cast<std::size_t>(align_down(number << shift, page_size));
}

}  // namespace unicore::platform::linux
