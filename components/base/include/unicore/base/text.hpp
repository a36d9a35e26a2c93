// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::text {

/// Shown in hexadecimal, with "0x".
struct Hex {
    std::uint64_t value;
};

/// Shown with at least `count` hexadecimal digits, zeros in front, at most 20.
struct HexDigits {
    std::uint64_t value;
    unsigned count;
};

/// Builds one line of text in place. What does not fit is cut, never written past the end.
/// Context: any, the smallest stacks included: they have room for a few of these.
class Line {
public:
    /// The most characters, the line end not counted.
    static constexpr std::size_t capacity = 639;

    Line& operator<<(std::string_view text) noexcept;
    Line& operator<<(const char* string) noexcept;  // out of line, so that literals cost one argument
    Line& operator<<(Hex number) noexcept;
    Line& operator<<(HexDigits number) noexcept;
    Line& operator<<(char character) noexcept { return *this << std::string_view(&character, 1); }
    template <std::integral Number>
    [[gnu::always_inline]] Line& operator<<(Number number) noexcept {
        auto magnitude = static_cast<std::uint64_t>(number);
        if (number < 0) {
            *this << '-';
            magnitude = 0 - magnitude;
        }
        return decimal(magnitude);
    }

    std::string_view view() const noexcept {
        [[assume(size_ <= capacity)]];
        return {text_, size_};
    }

private:
    friend class Report;

    Line& decimal(std::uint64_t number) noexcept;
    /// `number` with at least `least` digits.
    Line& digits(std::uint64_t number, unsigned base, std::size_t least) noexcept;

    std::size_t size_ = 0;
    char text_[capacity + 1];  // what is not written is not initialised
};

/// A line that Unicore says itself, in front of everything that an image has: it starts with
/// "unicore: " and goes to platform::early_write.
class Report : public Line {
public:
    explicit Report(const char* start) noexcept;

    /// Ends the line, for which there is always room, and writes it.
    void print() noexcept;
};

/// A Report of which all is known. Context: any.
void report(const char* text) noexcept;

/// The number that `digits`, and nothing else, is in decimal. Context: any.
/// Errors: invalid_argument when it is none; out_of_range above 2^64 - 1.
Result<std::uint64_t> parse_decimal(std::string_view digits) noexcept;

}  // namespace unicore::text
