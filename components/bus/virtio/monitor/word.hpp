// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/bus/virtio/places.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace unicore::bus::virtio::monitor {

/// Takes a number off the beginning of `text`; nothing when there is none, or one of more than 64 bits.
constexpr std::optional<std::uint64_t> take_number(std::string_view& text) noexcept {
    unsigned base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        text.remove_prefix(2);
    }
    std::optional<std::uint64_t> number;
    for (; !text.empty(); text.remove_prefix(1)) {
        const char c = text.front();
        const unsigned letter = (static_cast<unsigned char>(c) | 0x20U) - 'a';
        const unsigned digit = c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : letter < 6 ? letter + 10 : base;
        if (digit >= base) break;
        const std::uint64_t before = number.value_or(0);
        if (before > (UINT64_MAX - digit) / base) return std::nullopt;
        number = before * base + digit;
    }
    return number;
}

/// What SIZE@BASE:INTERRUPT[:ID] says; nothing when it is none. SIZE may end in K, M or G.
constexpr std::optional<places::Place> place_of(std::string_view word) noexcept {
    auto size = take_number(word);
    if (!size || word.empty()) return std::nullopt;
    constexpr std::string_view units = "kmg";
    if (const auto unit = units.find(static_cast<char>(word.front() | 0x20)); unit != units.npos) {
        const unsigned shift = 10 * (static_cast<unsigned>(unit) + 1);
        if (*size > UINT64_MAX >> shift) return std::nullopt;
        *size <<= shift;
        word.remove_prefix(1);
    }
    if (!word.starts_with('@')) return std::nullopt;
    word.remove_prefix(1);
    const auto base = take_number(word);
    if (!base || !word.starts_with(':') || *base > UINT64_MAX - *size) return std::nullopt;
    return places::Place{*base, *size};
}

/// The INTERRUPT of a word that describes a place; nothing when it is none.
constexpr std::optional<std::uint32_t> interrupt_of(std::string_view word) noexcept {
    const auto colon = word.find(':');
    if (colon == word.npos) return std::nullopt;
    word.remove_prefix(colon + 1);
    const auto number = take_number(word);
    if (!number || *number > UINT32_MAX || (!word.empty() && word.front() != ':')) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

}  // namespace unicore::bus::virtio::monitor
