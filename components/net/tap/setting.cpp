// SPDX-License-Identifier: BSD-3-Clause
#include "setting.hpp"

#include <algorithm>
#include <array>

namespace unicore::net::tap {
namespace {

using namespace std::string_view_literals;

constexpr auto socket_prefix = "unix:"sv;
constexpr std::size_t longest_name = 15;   // IFNAMSIZ, without the null behind it
constexpr std::size_t longest_path = 107;  // of sun_path, without the null behind it

constexpr bool of_name(char character) noexcept {
    return character > ' ' && character != '/' && character != ':' && character != '\x7f';
}

/// What a digit stands for; 16 for what is none. (std::from_chars takes floating-point registers for bases.)
constexpr unsigned hexadecimal(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    const auto letter = static_cast<unsigned>(digit | 0x20) - 'a';
    return letter < 6 ? letter + 10 : 16;
}

}  // namespace

std::optional<std::string_view> Items::next() noexcept {
    if (!rest_) return std::nullopt;
    const std::string_view list = *rest_;
    const std::size_t comma = list.find(',');
    if (comma == list.npos) rest_.reset();
    else rest_ = list.substr(comma + 1);
    return list.substr(0, comma);
}

Result<Place> parse_place(std::string_view item) noexcept {
    if (item.starts_with(socket_prefix)) {
        const std::string_view path = item.substr(socket_prefix.size());
        if (path.empty() || path.size() > longest_path) return unexpected(Error::invalid_argument);
        return Place{.socket = true, .name = path};
    }
    if (item.empty() || item.size() > longest_name || item == "."sv || item == ".."sv ||
        !std::ranges::all_of(item, of_name))
        return unexpected(Error::invalid_argument);
    return Place{.socket = false, .name = item};
}

Result<MacAddress> parse_address(std::string_view item) noexcept {
    MacAddress address;
    constexpr std::size_t length = 3 * std::tuple_size_v<decltype(address.bytes)> - 1;
    if (item.size() != length) return unexpected(Error::invalid_argument);
    for (std::size_t i = 0; i != address.bytes.size(); ++i) {
        const std::string_view digits = item.substr(3 * i, 2);
        const unsigned high = hexadecimal(digits[0]), low = hexadecimal(digits[1]);
        if (high > 15 || low > 15 || (i != 0 && item[3 * i - 1] != ':')) return unexpected(Error::invalid_argument);
        address.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (!address.station()) return unexpected(Error::invalid_argument);
    return address;
}

}  // namespace unicore::net::tap
