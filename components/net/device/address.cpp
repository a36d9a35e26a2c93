// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/address.hpp>

namespace unicore::net {
namespace {

/// What a digit stands for; 16 for what is none. (std::from_chars takes floating-point registers for bases.)
constexpr unsigned hexadecimal(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    const auto letter = static_cast<unsigned>(digit | 0x20) - 'a';
    return letter < 6 ? letter + 10 : 16;
}

}  // namespace

Result<MacAddress> parse_address(std::string_view text) noexcept {
    MacAddress address;
    constexpr std::size_t length = 3 * std::tuple_size_v<decltype(address.bytes)> - 1;
    if (text.size() != length) return unexpected(Error::invalid_argument);
    for (std::size_t i = 0; i != address.bytes.size(); ++i) {
        const std::string_view digits = text.substr(3 * i, 2);
        const unsigned high = hexadecimal(digits[0]), low = hexadecimal(digits[1]);
        if (high > 15 || low > 15 || (i != 0 && text[3 * i - 1] != ':')) return unexpected(Error::invalid_argument);
        address.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (!address.station()) return unexpected(Error::invalid_argument);
    return address;
}

}  // namespace unicore::net
