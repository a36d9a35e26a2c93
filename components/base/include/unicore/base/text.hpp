// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::text {

/// Shown in hexadecimal, with "0x".
struct Hex {
    std::uint64_t value;
};

/// Builds one line of text in a buffer of the caller's. What does not fit is cut, never written
/// past the end. Context: any.
class Writer {
public:
    explicit constexpr Writer(std::span<char> buffer) noexcept
        : first_(buffer.data()), next_(first_), end_(first_ + buffer.size()) {}

    Writer& operator<<(std::string_view text) noexcept;
    Writer& operator<<(const char* string) noexcept;  // out of line, so that literals cost one argument
    Writer& operator<<(Hex number) noexcept;
    Writer& operator<<(char character) noexcept;
    template <std::integral Number>
    Writer& operator<<(Number number) noexcept {
        if constexpr (std::signed_integral<Number>)
            return decimal(number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number),
                           number < 0);
        else
            return decimal(number, false);
    }

    std::string_view view() const noexcept { return {first_, next_}; }

private:
    Writer& decimal(std::uint64_t magnitude, bool negative) noexcept;

    char* first_;
    char* next_;
    char* end_;
};

/// A Writer with its own buffer.
template <std::size_t Capacity>
class Line : public Writer {
public:
    Line() noexcept : Writer(storage_) {}
    Line(const Line&) = delete;  // a copy would write into the original's buffer
    Line& operator=(const Line&) = delete;

private:
    std::array<char, Capacity> storage_;
};

/// The number that `digits`, and nothing else, is in decimal. Context: any.
/// Errors: invalid_argument when it is none; out_of_range above 2^64 - 1.
Result<std::uint64_t> parse_decimal(std::string_view digits) noexcept;

}  // namespace unicore::text
