// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace unicore::text {

Line& Line::operator<<(std::string_view text) noexcept {
    const std::size_t count = std::min(text.size(), capacity - size_);
    std::memcpy(text_ + size_, text.data(), count);
    size_ += count;
    return *this;
}

Line& Line::operator<<(const char* string) noexcept { return *this << std::string_view(string); }

Line& Line::operator<<(HexDigits number) noexcept {
    while (number.count-- != 0) *this << "0123456789abcdef"[number.value >> 4 * number.count & 15];
    return *this;
}

Line& Line::operator<<(Hex number) noexcept {
    unsigned count = 1;
    for (std::uint64_t rest = number.value; (rest >>= 4) != 0;) ++count;
    return *this << "0x" << HexDigits{number.value, count};
}

Line& Line::decimal(std::uint64_t magnitude, bool negative) noexcept {
    char digits[22];
    char* first = std::end(digits);
    *--first = '\0';
    do *--first = static_cast<char>('0' + magnitude % 10);
    while ((magnitude /= 10) != 0);
    if (negative) *--first = '-';
    return *this << first;
}

Result<std::uint64_t> parse_decimal(std::string_view digits) noexcept {
    if (digits.empty()) return unexpected(Error::invalid_argument);
    std::uint64_t number = 0;
    for (const char character : digits) {
        const unsigned digit = static_cast<unsigned char>(character) - unsigned{'0'};
        if (digit > 9) return unexpected(Error::invalid_argument);
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, digit, &number))
            return unexpected(Error::out_of_range);
    }
    return number;
}

}  // namespace unicore::text
