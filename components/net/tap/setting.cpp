// SPDX-License-Identifier: BSD-3-Clause
#include "setting.hpp"

#include <algorithm>

namespace unicore::net::tap {
namespace {

using namespace std::string_view_literals;

constexpr auto socket_prefix = "unix:"sv;
constexpr std::size_t longest_name = 15;   // IFNAMSIZ, without the null behind it
constexpr std::size_t longest_path = 107;  // of sun_path, without the null behind it

constexpr bool of_name(char character) noexcept {
    return character > ' ' && character != '/' && character != ':' && character != '\x7f';
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

}  // namespace unicore::net::tap
