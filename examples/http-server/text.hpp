// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace http {

/// Text in memory of somebody's: what does not fit is cut off.
class Text {
public:
    constexpr Text(char* begin, std::size_t size) noexcept : begin_(begin), at_(begin), end_(begin + size) {}

    Text& operator<<(std::string_view text) noexcept {
        const std::size_t size = text.size() < room() ? text.size() : room();
        std::memcpy(at_, text.data(), size);
        at_ += size;
        return *this;
    }
    Text& operator<<(std::uint64_t number) noexcept {
        char digits[20];
        const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        return *this << std::string_view(digits, static_cast<std::size_t>(end - digits));
    }

    std::string_view view() const noexcept { return {begin_, size()}; }
    std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
    std::size_t room() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    void clear() noexcept { at_ = begin_; }

private:
    char* begin_;
    char* at_;
    char* end_;
};

}  // namespace http
