// SPDX-License-Identifier: BSD-3-Clause
// Variables of all kinds: with an initial value, zero, large, aligned, of a byte, in a function, of a template, in C.
#include "variables.hpp"

#include <array>

namespace {

struct Point {
    int x = 3;
    int y = 4;
};

thread_local Point point;
thread_local bool flag = true;
thread_local char letter = 'u';
thread_local std::uint64_t zero;
thread_local const char* text = "initial";
thread_local std::array<std::uint32_t, 500> table{1, 2, 3};
struct alignas(256) Line {
    std::uint8_t bytes[256];
};
thread_local Line line;

template <typename T>
thread_local T of_type = T(7);

int& in_function() noexcept {
    static thread_local int value = -5;
    return value;
}

}  // namespace

void fresh(unicore::debug::Check& check, std::uint32_t seed) noexcept {
    check(point.x == 3 && point.y == 4, "a class has its initial value");
    check(flag && letter == 'u' && text[0] == 'i', "so have small ones");
    check(zero == 0, "one without is zero");
    check(table[0] == 1 && table[2] == 3 && table[3] == 0 && table[499] == 0, "so is the rest of a large one");
    check(reinterpret_cast<std::uintptr_t>(&line) % 256 == 0, "an aligned one is");
    check(line.bytes[0] == 0 && line.bytes[255] == 0, "and zero");
    check(of_type<int> == 7 && of_type<short> == 7, "a template's are different ones");
    check(in_function() == -5, "one in a function has its initial value");
    check(in_c == 11 && c_buffer()[0] == 0 && c_buffer()[299] == 0, "C's have theirs");
    const auto byte = static_cast<std::uint8_t>(seed);
    point = {static_cast<int>(seed), -static_cast<int>(seed)};
    flag = false, letter = static_cast<char>(byte), text = "another", zero = std::uint64_t{seed} << 32;
    for (auto& entry : table) entry = seed;
    for (auto& entry : line.bytes) entry = byte;
    of_type<int> = static_cast<int>(seed), of_type<short> = static_cast<short>(byte);
    in_function() = static_cast<int>(seed), in_c = static_cast<int>(seed);
    for (int i = 0; i != 300; ++i) c_buffer()[i] = static_cast<char>(byte);
}

void kept(unicore::debug::Check& check, std::uint32_t seed) noexcept {
    const auto byte = static_cast<std::uint8_t>(seed);
    check(point.x == static_cast<int>(seed) && point.y == -static_cast<int>(seed), "a class is kept");
    check(!flag && letter == static_cast<char>(byte) && text[0] == 'a' && zero == std::uint64_t{seed} << 32,
          "small ones are kept");
    bool same = true;
    for (const auto entry : table) same = same && entry == seed;
    for (const auto entry : line.bytes) same = same && entry == byte;
    for (int i = 0; i != 300; ++i) same = same && c_buffer()[i] == static_cast<char>(byte);
    check(same, "large ones are kept");
    check(of_type<int> == static_cast<int>(seed) && of_type<short> == static_cast<short>(byte), "a template's are kept");
    check(in_function() == static_cast<int>(seed) && in_c == static_cast<int>(seed), "a function's and C's are kept");
}
