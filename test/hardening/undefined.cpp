// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.hpp>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

/// Keeps the compiler from knowing a value.
template <typename T>
[[gnu::noinline]] T hidden(T value) {
    asm volatile("" : "+m"(value) : : "memory");
    return value;
}

alignas(8) char bytes[16] = {1, 2, 3};
int numbers[4];
volatile int sink;

struct Pair {
    int first, second;
};

[[gnu::noinline]] int no_value(int choice) {
    if (choice == 1) return 5;
}

[[gnu::noinline, gnu::returns_nonnull]] char* never_null(char* pointer) { return pointer; }
[[gnu::noinline, gnu::nonnull]] void takes_some(char* pointer) { hidden(pointer); }

bool provoke(std::string_view what) {
    if (what == "add") sink = hidden(INT_MAX) + 1;
    else if (what == "subtract") sink = hidden(INT_MIN) - hidden(7);
    else if (what == "multiply") sink = static_cast<int>(hidden<std::int64_t>(LLONG_MAX) * hidden<std::int64_t>(2));
    else if (what == "negate") sink = -hidden(INT_MIN);
    else if (what == "divide") sink = hidden(INT_MIN) / hidden(-1);
    else if (what == "shift") sink = 1 << hidden(32);
    else if (what == "shift-negative") sink = 1 << hidden(-1);
    else if (what == "bounds") sink = numbers[hidden(4)];
    else if (what == "null") sink = hidden<Pair*>(nullptr)->second;
    else if (what == "misaligned") sink = *reinterpret_cast<int*>(hidden(&bytes[1]));
    else if (what == "pointer") sink = *(hidden(&bytes[0]) + hidden(SIZE_MAX - 4));
    else if (what == "bool") sink = *hidden(reinterpret_cast<bool*>(&bytes[2]));
    else if (what == "builtin") sink = __builtin_ctz(hidden(0U));
    else if (what == "argument") takes_some(hidden<char*>(nullptr));
    else if (what == "return") sink = never_null(hidden<char*>(nullptr)) == bytes;
    else if (what == "array") {
        const int count = hidden(-3);
        int room[count];
        hidden(&room[0]);
    } else if (what == "value") sink = no_value(hidden(2));
    else if (what == "unreachable") {
        if (hidden(1) == 1) __builtin_unreachable();
    } else return false;
    return true;
}

}  // namespace

/// Does what the arguments name, which is always wrong.
int main(int argc, char** argv) {
    for (int index = 1; index < argc; ++index)
        if (!provoke(argv[index])) return 2;
    unicore::console::write_line("gone on");
    return 0;
}
