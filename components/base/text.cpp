// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>


namespace unicore::text {

Writer& Writer::operator<<(std::string_view text) noexcept {
    const std::size_t room = buffer_.size() - size_;
    if (text.size() > room) {
        truncated_ = true;
        text = {text.data(), room};
    }
    for (const char character : text) buffer_.data()[size_++] = character;
    return *this;
}

Writer& Writer::operator<<(const char* string) noexcept { return *this << std::string_view(string); }

Writer& Writer::operator<<(char character) noexcept { return *this << std::string_view(&character, 1); }

Writer& Writer::operator<<(Hex number) noexcept {
    *this << "0x";
    std::uint64_t value = number.value;
    int shift = 60;
    while (shift != 0 && value >> shift == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) *this << "0123456789abcdef"[value >> shift & 15];
    return *this;
}

Writer& Writer::decimal(std::uint64_t magnitude, bool negative) noexcept {
    char digits[21];
    char* first = std::end(digits);
    do *--first = static_cast<char>('0' + magnitude % 10);
    while ((magnitude /= 10) != 0);
    if (negative) *--first = '-';
    return *this << std::string_view(first, std::end(digits));
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
