// SPDX-License-Identifier: BSD-3-Clause
// The functions that compilers call on their own account, and what libc++'s headers need for
// std::string_view, and for std::find among whatever is as large as a wchar_t. [C17, 7.24 and 7.29.4.5]
#include <unicore/arch/bytes.hpp>

#include <cstddef>
#include <cstdint>

using unicore::arch::Bytes;

extern "C" {

void* memcpy(void* to, const void* from, std::size_t count) {
    Bytes::copy_up(static_cast<std::byte*>(to), static_cast<const std::byte*>(from), count);
    return to;
}

void* memmove(void* to, const void* from, std::size_t count) {
    // Upwards is right unless the destination starts inside the source.
    if (reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from) >= count) return memcpy(to, from, count);
    Bytes::copy_down(static_cast<std::byte*>(to), static_cast<const std::byte*>(from), count);
    return to;
}

void* memset(void* to, int value, std::size_t count) {
    Bytes::fill(static_cast<std::byte*>(to), static_cast<unsigned char>(value), count);
    return to;
}

int memcmp(const void* left, const void* right, std::size_t count) {
    const auto* a = static_cast<const unsigned char*>(left);
    const auto* b = static_cast<const unsigned char*>(right);
    for (; count != 0; --count, ++a, ++b)
        if (*a != *b) return *a - *b;
    return 0;
}

void* memchr(const void* from, int value, std::size_t count) {
    const auto* byte = static_cast<const unsigned char*>(from);
    for (; count != 0; --count, ++byte)
        if (*byte == static_cast<unsigned char>(value)) return const_cast<unsigned char*>(byte);
    return nullptr;
}

wchar_t* wmemchr(const wchar_t* from, wchar_t value, std::size_t count) {
    for (; count != 0; --count, ++from)
        if (*from == value) return const_cast<wchar_t*>(from);
    return nullptr;
}

std::size_t strlen(const char* string) {
    const char* end = string;
    // The barrier keeps the compiler from recognising strlen and calling it.
    while (*end != '\0') {
        ++end;
        asm("" : "+r"(end));
    }
    return static_cast<std::size_t>(end - string);
}

}  // extern "C"
