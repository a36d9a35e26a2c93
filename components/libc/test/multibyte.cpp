// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.11, 7.22.7, 7.29; RFC 3629]
#include "suites.hpp"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

namespace unicore::libc {
namespace {

void utf8(debug::Check& check) noexcept {
    wchar_t wide[8];
    check(mbstowcs(wide, "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 8) == 4 && wide[0] == L'a' && wide[1] == 0xe4 &&
              wide[2] == 0x20ac &&
              wide[3] == 0x1f600, "mbstowcs of UTF-8");
    char narrow[16];
    check(wcstombs(narrow, wide, sizeof narrow) == 10 && strcmp(narrow, "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80") == 0,
              "wcstombs");
    mbstate_t state{};
    check(mbrtowc(wide, "\xe2\x82", 2, &state) == static_cast<std::size_t>(-2), "a character that is not complete");
    check(mbrtowc(wide, "\xac", 1, &state) == 1 && wide[0] == 0x20ac, "and goes on");
    for (const char* wrong : {"\xff", "\xc0\x80"}) {
        state = {};
        errno = 0;
        check(mbrtowc(wide, wrong, strlen(wrong), &state) == static_cast<std::size_t>(-1) && errno == EILSEQ,
                  "what is no UTF-8");
    }
    check(towupper(0xe4) == 0xc4 && iswalpha(0xe4) && !iswalpha(0x20ac), "classes of wide characters");
}

}  // namespace

void multibyte(debug::Check& check) noexcept {
    check(strcmp(setlocale(LC_ALL, nullptr), "C") == 0, "the locale is C at first");
    check(strcmp(localeconv()->decimal_point, ".") == 0, "localeconv");
    check(setlocale(LC_ALL, "xx_YY.none") == nullptr, "setlocale of what is not there");
    if (check(setlocale(LC_CTYPE, "C.UTF-8") != nullptr, "there is C.UTF-8")) utf8(check);
    setlocale(LC_ALL, "C");
    wchar_t wide[16];
    check(wcscmp(wcscpy(wide, L"wide"), L"wide") == 0 && wcslen(wide) == 4 && wcschr(wide, L'd') == wide + 2,
              "wcscpy, wcslen, wcschr");
    check(swprintf(wide, 16, L"%d %ls", 5, L"x") == 3 && wcscmp(wide, L"5 x") == 0, "swprintf");
    check(wcstol(L"-12", nullptr, 10) == -12 && wcstod(L"1.5", nullptr) == 1.5, "wcstol, wcstod");
}

}  // namespace unicore::libc
