// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.21; POSIX.1-2017, fmemopen, open_memstream, getline]
#include "suites.hpp"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace unicore::libc {
namespace {

void standard(debug::Check& check) noexcept {
    check(fgetc(stdin) == EOF && feof(stdin) && !ferror(stdin), "standard input is at its end");
    clearerr(stdin);
    check(!feof(stdin), "clearerr");
    check(ungetc('x', stdin) == 'x' && fgetc(stdin) == 'x', "ungetc");
    check(fputs("", stdout) >= 0 && fflush(stdout) == 0 && fflush(nullptr) == 0, "standard output takes text");
    check(fileno(stdin) == 0 && fileno(stdout) == 1 && fileno(stderr) == 2, "fileno");
    errno = 0;
    check(fputc('x', stdin) == EOF && errno == EBADF, "standard input takes none");
    clearerr(stdin);
    errno = 0;
    check(fseek(stdout, 0, SEEK_SET) == -1 && errno == ESPIPE, "the console has no places");
}

void files(debug::Check& check) noexcept {
    for (const char* mode : {"r", "w", "a+"}) {
        errno = 0;
        check(fopen("/some/file", mode) == nullptr && errno == ENOENT, "fopen: there is no file");
    }
    errno = 0;
    check(fopen("file", "x") == nullptr && errno == EINVAL, "fopen: what is no mode");
    errno = 0;
    check(remove("file") == -1 && errno == ENOENT, "remove");
    errno = 0;
    check(rename("file", "other") == -1 && errno == ENOENT, "rename");
    check(tmpfile() == nullptr, "tmpfile");
}

void in_memory(debug::Check& check) noexcept {
    char text[] = "one\ntwo\nthree";
    FILE* file = fmemopen(text, strlen(text), "r");
    if (!check(file != nullptr, "fmemopen")) return;
    char line[8];
    check(fgets(line, sizeof line, file) == line && strcmp(line, "one\n") == 0, "fgets");
    check(fgets(line, 3, file) == line && strcmp(line, "tw") == 0, "fgets stops when the line is full");
    check(ftell(file) == 6 && fseek(file, 4, SEEK_SET) == 0 && fgetc(file) == 't', "ftell, fseek");
    check(fread(line, 1, 3, file) == 3 && memcmp(line, "wo\n", 3) == 0, "fread");
    char* whole = nullptr;
    std::size_t room = 0;
    check(getline(&whole, &room, file) == 5 && strcmp(whole, "three") == 0 && getline(&whole, &room, file) == -1,
              "getline");
    free(whole);
    rewind(file);
    int character = 0;
    check(fscanf(file, "%*s%n", &character) == 0 && character == 3, "fscanf");
    check(fclose(file) == 0, "fclose");

    char* made = nullptr;
    std::size_t size = 0;
    file = open_memstream(&made, &size);
    if (!check(file != nullptr, "open_memstream")) return;
    check(fprintf(file, "%d-%s", 12, "x") == 4 && putc('!', file) == '!' && fwrite("ab", 1, 2, file) == 2,
              "fprintf, putc, fwrite");
    check(fclose(file) == 0 && size == 7 && strcmp(made, "12-x!ab") == 0, "what was written is there");
    free(made);
}

}  // namespace

void streams(debug::Check& check) noexcept {
    standard(check);
    files(check);
    in_memory(check);
    printf("%s: %d\n", "streams", 1);  // a boot test looks for this line
    puts("puts");
}

}  // namespace unicore::libc
