// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>

#include <algorithm>
#include <cstring>

namespace unicore::text {

Line& Line::operator<<(std::string_view text) noexcept {
    const std::size_t count = std::min(text.size(), capacity - size_);
    std::memcpy(text_ + size_, text.data(), count);
    size_ += count;
    return *this;
}

Line& Line::operator<<(const char* string) noexcept { return *this << std::string_view(string); }

Line& Line::operator<<(Hex number) noexcept { return *this << "0x" << HexDigits{number.value, 1}; }

Line& Line::operator<<(HexDigits number) noexcept { return digits(number.value, 16, number.count); }

Line& Line::decimal(std::uint64_t number) noexcept { return digits(number, 10, 1); }

Line& Line::digits(std::uint64_t number, unsigned base, std::size_t least) noexcept {
    char digits[20];
    std::size_t left = sizeof digits;
    do digits[--left] = "0123456789abcdef"[number % base];
    while ((number /= base) != 0 || sizeof digits - left < least);
    return *this << std::string_view(digits + left, sizeof digits - left);
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
