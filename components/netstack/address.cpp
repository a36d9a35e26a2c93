// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/netstack/address.hpp>

namespace unicore::netstack {
namespace {

constexpr auto no_address = [] { return unexpected(Error::invalid_argument); };

/// What a digit stands for; 16 for what is none.
constexpr unsigned value_of(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    const char small = static_cast<char>(digit | 0x20);
    return small >= 'a' && small <= 'f' ? static_cast<unsigned>(small - 'a' + 10) : 16;
}

/// A number at the start of `text`, which it takes off: digits of `base`, at most so many, none in front that counts nothing.
Result<std::uint16_t> take_number(std::string_view& text, unsigned base, std::size_t most_digits, unsigned most) noexcept {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && value_of(text[digits]) < base; ++digits) {
        if (digits == most_digits) return no_address();
        value = value * base + value_of(text[digits]);
    }
    if (digits == 0 || value > most) return no_address();
    if (base == 10 && digits > 1 && text[0] == '0') return no_address();  // octal, to some
    text.remove_prefix(digits);
    return static_cast<std::uint16_t>(value);
}

bool take(std::string_view& text, std::string_view what) noexcept {
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
}

/// Four bytes in dotted decimal, which are all of `text`.
Result<void> parse_dotted(std::string_view text, std::uint8_t* bytes) noexcept {
    for (int i = 0; i < 4; ++i) {
        if (i != 0 && !take(text, ".")) return no_address();
        bytes[i] = static_cast<std::uint8_t>(UNICORE_TRY(take_number(text, 10, 3, 255)));
    }
    if (!text.empty()) return no_address();
    return {};
}

Result<Address> parse_v6(std::string_view text) noexcept {
    Address address{Address::Family::v6, {}};
    constexpr std::size_t none = 17;
    std::size_t filled = 0, gap = none;  // bytes that are there, and how many were before "::"
    if (take(text, "::")) gap = 0;
    while (!text.empty() && filled < 16) {
        if (text.find('.') < text.find(':')) {  // the last four bytes may be dotted
            if (filled > 12) return no_address();
            UNICORE_TRY(parse_dotted(text, &address.bytes[filled]));
            filled += 4;
            text = {};
            break;
        }
        const std::uint16_t group = UNICORE_TRY(take_number(text, 16, 4, 0xffff));
        address.bytes[filled++] = static_cast<std::uint8_t>(group >> 8);
        address.bytes[filled++] = static_cast<std::uint8_t>(group);
        if (text.empty()) break;
        if (take(text, "::")) {
            if (gap != none) return no_address();
            gap = filled;
        } else if (!take(text, ":") || text.empty()) {
            return no_address();
        }
    }
    if (!text.empty() || (gap == none ? filled != 16 : filled > 14)) return no_address();
    if (gap == none) return address;
    for (std::size_t from = filled, to = 16; from != gap;) {
        address.bytes[--to] = address.bytes[--from];
        address.bytes[from] = 0;
    }
    return address;
}

std::uint16_t group(const Address& address, std::size_t index) noexcept {
    return static_cast<std::uint16_t>(address.bytes[2 * index] << 8 | address.bytes[2 * index + 1]);
}

/// Writes a number without zeros in front; returns where it ends. (std::to_chars has tables for this, of a kilobyte.)
char* put_number(char* at, unsigned value, unsigned base) noexcept {
    unsigned unit = 1;
    while (value / unit >= base) unit *= base;
    for (; unit != 0; unit /= base) *at++ = "0123456789abcdef"[value / unit % base];
    return at;
}

}  // namespace

Result<Address> parse_address(std::string_view text) noexcept {
    if (text.contains(':')) return parse_v6(text);
    Address address;
    UNICORE_TRY(parse_dotted(text, address.bytes.data()));
    return address;
}

Result<Prefix> parse_prefix(std::string_view text) noexcept {
    const std::size_t slash = text.find('/');
    const Address address = UNICORE_TRY(parse_address(text.substr(0, slash)));
    const unsigned most = static_cast<unsigned>(address.size()) * 8;
    if (slash == text.npos) return Prefix{address, static_cast<std::uint8_t>(most)};
    text.remove_prefix(slash + 1);
    const std::uint16_t length = UNICORE_TRY(take_number(text, 10, 3, most));
    if (!text.empty()) return no_address();
    return Prefix{address, static_cast<std::uint8_t>(length)};
}

std::string_view format_address(const Address& address, std::span<char, address_text_size> into) noexcept {
    char* at = into.data();
    if (address.family == Address::Family::v4) {
        for (int i = 0; i < 4; ++i) {
            if (i != 0) *at++ = '.';
            at = put_number(at, address.bytes[i], 10);
        }
        return {into.data(), at};
    }
    // "::" is for the longest row of groups that are 0, the first of several, if it is longer than one. [RFC 5952, 4.2]
    std::size_t gap = 8, longest = 1;
    for (std::size_t first = 0; first < 8; ++first) {
        std::size_t row = 0;
        while (first + row < 8 && group(address, first + row) == 0) ++row;
        if (row > longest) gap = first, longest = row;
    }
    for (std::size_t i = 0; i < 8;) {
        if (i == gap) {
            *at++ = ':', *at++ = ':';
            i += longest;
            continue;
        }
        if (i != 0 && i != gap + longest) *at++ = ':';
        at = put_number(at, group(address, i), 16);
        ++i;
    }
    return {into.data(), at};
}

}  // namespace unicore::netstack
