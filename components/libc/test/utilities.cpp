// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.22.2, 7.22.4 to 7.22.6; POSIX.1-2017, getentropy, setenv]
#include "suites.hpp"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace unicore::libc {
namespace {

int compare(const void* left, const void* right) {
    const int a = *static_cast<const int*>(left), b = *static_cast<const int*>(right);
    return (a > b) - (a < b);
}

void sorting(debug::Check& check) noexcept {
    int numbers[200];
    unsigned state = 1;
    for (int& number : numbers) number = static_cast<int>((state = state * 1103515245 + 12345) >> 16 & 127);
    qsort(numbers, 200, sizeof numbers[0], compare);
    bool sorted = true;
    for (int i = 1; i < 200; ++i) sorted = sorted && numbers[i - 1] <= numbers[i];
    check(sorted, "qsort");
    qsort(numbers, 0, sizeof numbers[0], compare);
    const int wanted = numbers[77], absent = 1000;
    const auto* const found = static_cast<int*>(bsearch(&wanted, numbers, 200, sizeof numbers[0], compare));
    check(found != nullptr && *found == wanted, "bsearch");
    check(bsearch(&absent, numbers, 200, sizeof numbers[0], compare) == nullptr, "bsearch of what is not there");
    struct Large {
        int key;
        char rest[61];
    } large[3] = {{3, "c"}, {1, "a"}, {2, "b"}};
    qsort(large, 3, sizeof large[0], compare);
    check(large[0].rest[0] == 'a' && large[1].rest[0] == 'b' && large[2].rest[0] == 'c',
              "qsort of elements that are no words");
}

void environment(debug::Check& check) noexcept {
    check(getenv("LIBC_SUITE") == nullptr, "a variable that is not set");
    check(setenv("LIBC_SUITE", "one", 1) == 0 && strcmp(getenv("LIBC_SUITE"), "one") == 0, "setenv");
    check(setenv("LIBC_SUITE", "two", 0) == 0 && strcmp(getenv("LIBC_SUITE"), "one") == 0,
              "setenv without overwriting");
    check(setenv("LIBC_SUITE", "a longer value", 1) == 0 && strcmp(getenv("LIBC_SUITE"), "a longer value") == 0,
              "setenv of a longer value");
    check(getenv("LIBC_SUIT") == nullptr && getenv("LIBC_SUITE_") == nullptr, "names are compared whole");
    check(unsetenv("LIBC_SUITE") == 0 && getenv("LIBC_SUITE") == nullptr, "unsetenv");
    errno = 0;
    check(setenv("A=B", "c", 1) == -1 && errno == EINVAL, "setenv refuses names with =");
}

}  // namespace

void utilities(debug::Check& check) noexcept {
    sorting(check);
    environment(check);
    srand(1);
    const int first = rand();
    srand(1);
    check(rand() == first && first >= 0, "rand repeats after srand");
    const div_t quotient = div(-7, 2);
    check(quotient.quot == -3 && quotient.rem == -1 && lldiv(7, -2).quot == -3 && abs(-3) == 3 && llabs(-5) == 5,
              "div, lldiv, abs, llabs");
    check(system(nullptr) == 0, "there is no command processor");
    char byte = 0;
    errno = 0;
    check(getentropy(&byte, 1) == -1 && errno == ENOSYS, "entropy is a component of its own");
}

}  // namespace unicore::libc
