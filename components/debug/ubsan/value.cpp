// SPDX-License-Identifier: BSD-3-Clause
#include "report.hpp"

#include <algorithm>
#include <cstring>

namespace unicore::debug::ubsan {
namespace {

/// Up to 128 bits, the lower ones first; with the sign's bit in all above.
struct Bits {
    std::uint64_t low, high;
};

Bits bits_of(Shown shown) noexcept {
    const unsigned bits = shown.type.bits();
    Bits result{};
    if (bits <= sizeof(Value) * 8) {
        result.low = shown.value;
    } else {
        // Of integers up to 128 bits; what of a long double is more than 8 bytes is not shown.
        std::memcpy(&result, reinterpret_cast<const void*>(shown.value), std::min<std::size_t>(bits / 8, sizeof result));
    }
    if (bits < 64) result.low &= (std::uint64_t{1} << bits) - 1;
    if (bits < 64 && shown.type.is_signed() && result.low >> (bits - 1) != 0) result.low |= ~std::uint64_t{0} << bits;
    if (bits <= 64) result.high = shown.type.is_signed() && result.low >> 63 != 0 ? ~std::uint64_t{0} : 0;
    return result;
}

}  // namespace

text::Line& operator<<(text::Line& line, Shown shown) noexcept {
    const Bits bits = bits_of(shown);
    if (shown.type.kind != Type::integer) return line << "<bits " << text::Hex{bits.low} << '>';
    if (shown.type.is_signed()) {
        if (bits.high == 0 && bits.low >> 63 == 0) return line << bits.low;
        if (bits.high == ~std::uint64_t{0} && bits.low >> 63 != 0) return line << static_cast<std::int64_t>(bits.low);
    } else if (bits.high == 0) {
        return line << bits.low;
    }
    return line << text::Hex{bits.high} << text::HexDigits{bits.low, 16};
}

bool negative(Shown shown) noexcept { return shown.type.is_signed() && bits_of(shown).high >> 63 != 0; }

bool minus_one(Shown shown) noexcept {
    const Bits bits = bits_of(shown);
    return shown.type.is_signed() && (bits.low & bits.high) == ~std::uint64_t{0};
}

}  // namespace unicore::debug::ubsan
