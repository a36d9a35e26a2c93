// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>


namespace unicore::text {

Writer& Writer::operator<<(char character) noexcept {
    if (next_ != end_) *next_++ = character;
    return *this;
}

Writer& Writer::operator<<(std::string_view text) noexcept {
    for (const char character : text) *this << character;
    return *this;
}

Writer& Writer::operator<<(const char* string) noexcept {
    while (*string != '\0') *this << *string++;
    return *this;
}

Writer& Writer::operator<<(Hex number) noexcept {
    *this << "0x";
    int shift = 60;
    while (shift != 0 && number.value >> shift == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) *this << "0123456789abcdef"[number.value >> shift & 15];
    return *this;
}

Writer& Writer::decimal(std::uint64_t magnitude, bool negative) noexcept {
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
