// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>

#include <cstdint>
#include <string_view>

// Not const: when the whole image is optimised, a store to what somebody calls const is undefined and goes.
extern "C" std::uintptr_t __stack_chk_guard;

namespace {

/// Keeps the compiler from seeing through a pointer.
template <typename T>
T* hidden(T* pointer) {
    asm volatile("" : "+r"(pointer) : : "memory");
    return pointer;
}

/// Writes `count` bytes more than there is room for. Checks of addresses (debug.asan) would tell before the guard does.
[[gnu::noinline, clang::no_sanitize("kernel-address")]] void smash(std::size_t count) {
    char text[12];  // too small to be aligned, so that the guard is right behind it
    volatile char* const first = hidden(text);
    for (std::size_t i = 0; i != sizeof text + count; ++i) first[i] = 'x';
    hidden(text);
}

}  // namespace

/// The first argument is how many bytes to write too many, none of them, or "show" for the value that guards frames.
int main(int argc, char** argv) {
    if (argc != 2) return 2;
    if (argv[1] == std::string_view("show")) {
        unicore::text::Line line;
        line << "guard " << unicore::text::Hex{__stack_chk_guard};
        unicore::console::write_line(line.view());
        return 0;
    }
    const std::string_view word = argv[1];
    const auto count = word == "none" ? 0 : unicore::text::parse_decimal(word);
    if (!count) return 2;
    smash(*count);
    unicore::console::write_line("nothing was noticed");
    return 1;
}
