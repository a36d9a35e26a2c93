// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, close, dup, fcntl, fstat, isatty, lseek, read, write; dup(2), ioctl(2)]
#include "suites.hpp"

#include <unicore/posix/fd/config.hpp>

#include <stdio.h>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

constexpr int most = config::most;

void nobody(debug::Check& check) noexcept {
    char byte = 'x';
    iovec piece{&byte, 1};
    struct stat status{};
    int number = 0;
    for (const int none : {3, 7, 8, most - 1, most, 100'000, -1})
        check(fails(read(none, &byte, 1), EBADF) && fails(write(none, &byte, 1), EBADF) &&
              fails(readv(none, &piece, 1), EBADF) &&
                  fails(writev(none, &piece, 1), EBADF) && fails(close(none), EBADF) &&
                      fails(lseek(none, 0, SEEK_SET), EBADF) &&
                  fails(fstat(none, &status), EBADF) && fails(fcntl(none, F_GETFL), EBADF) &&
                      fails(fcntl(none, F_DUPFD, 0), EBADF) &&
                  fails(dup(none), EBADF) && fails(dup2(none, 5), EBADF) && fails(dup2(none, none), EBADF) &&
                  fails(dup3(none, 5, 0), EBADF) && fails(ioctl(none, FIONREAD, &number), EBADF) &&
                      isatty(none) == 0 && errno == EBADF,
              "numbers that refer to nothing");
    check(fails(dup2(1, -1), EBADF) && fails(dup2(1, most), EBADF), "numbers that cannot be");
}

void console(debug::Check& check) noexcept {
    char byte = 'x';
    struct stat status{};
    for (const int number : {0, 1, 2})
        check(isatty(number) == 1 && fstat(number, &status) == 0 && S_ISCHR(status.st_mode) &&
              fails(lseek(number, 0, SEEK_CUR), ESPIPE),
              "the console is a terminal");
    check(fcntl(0, F_GETFL) == O_RDONLY && fcntl(1, F_GETFL) == O_WRONLY &&
          fcntl(2, F_GETFL) == O_WRONLY, "for input and output");
    check(fails(write(0, &byte, 1), EBADF) && fails(read(1, &byte, 1), EBADF), "each in its direction");
    check(write(1, "", 0) == 0 && write(2, "written\n", 8) == 8, "output");
    iovec pieces[] = {{const_cast<char*>("from "), 5}, {nullptr, 0}, {const_cast<char*>("three pieces\n"), 13}};
    check(writev(1, pieces, 3) == 18, "output in pieces");
    check(fails(writev(1, pieces, 0), EINVAL) && fails(writev(1, pieces, -1), EINVAL) &&
          fails(writev(1, pieces, 1025), EINVAL), "how many");
}

void duplicates(debug::Check& check) noexcept {
    const int first = dup(1);
    check(first == 3 && dup(1) == 4 && isatty(3) == 1, "the lowest number that is free");
    check(close(3) == 0 && fails(write(3, "x", 1), EBADF) && write(4, "", 0) == 0, "each is closed for itself");
    check(dup(2) == 3 && fcntl(1, F_DUPFD, 10) == 10 && fcntl(1, F_DUPFD, 10) == 11, "or the lowest that is wanted");
    check(fails(fcntl(1, F_DUPFD, -1), EINVAL) && fails(fcntl(1, F_DUPFD, most), EINVAL), "which can be wrong");
    check(dup2(1, 11) == 11 && dup2(1, 20) == 20 && dup2(20, 20) == 20, "a number of one's own");
    check(fails(dup3(1, 1, 0), EINVAL) && fails(dup3(1, 21, O_NONBLOCK), EINVAL) &&
          dup3(1, 21, O_CLOEXEC) == 21, "dup3");
    check(fcntl(21, F_GETFD) == FD_CLOEXEC && fcntl(20, F_GETFD) == 0 && fcntl(21, F_SETFD, 0) == 0 &&
          fcntl(21, F_GETFD) == 0 &&
              fcntl(20, F_SETFD, FD_CLOEXEC) == 0 && fcntl(20, F_GETFD) == FD_CLOEXEC, "the descriptor's own flag");
    const int close_on_exec = fcntl(20, F_DUPFD_CLOEXEC, 30);
    check(close_on_exec == 30 && fcntl(30, F_GETFD) == FD_CLOEXEC && dup2(20, 30) == 30 && fcntl(30, F_GETFD) == 0,
              "which a duplicate has not");
    check(fails(fcntl(1, F_GETLK), EINVAL), "commands that there are not");
    for (const int number : {3, 4, 10, 11, 20, 21, 30}) check(close(number) == 0 &&
        fails(close(number), EBADF), "closing");
}

/// Flags of the description, which duplicates share.
void flags(debug::Check& check) noexcept {
    const int event = eventfd(0, EFD_NONBLOCK);
    const int same = dup(event), other = eventfd(0, 0);
    check(fcntl(event, F_GETFL) == (O_RDWR | O_NONBLOCK) &&
          fcntl(same, F_GETFL) == (O_RDWR | O_NONBLOCK), "a shared flag");
    check(fcntl(same, F_SETFL, 0) == 0 && fcntl(event, F_GETFL) == O_RDWR, "is changed for all");
    check(fcntl(event, F_SETFL, O_NONBLOCK | O_WRONLY) == 0 && fcntl(same, F_GETFL) == (O_RDWR | O_NONBLOCK) &&
              fcntl(other, F_GETFL) == O_RDWR, "and nothing else");
    int no = 0, yes = 1;
    check(ioctl(event, FIONBIO, &no) == 0 && fcntl(event, F_GETFL) == O_RDWR && ioctl(event, FIONBIO, &yes) == 0 &&
              fcntl(event, F_GETFL) == (O_RDWR | O_NONBLOCK), "by ioctl too");
    check(fails(ioctl(event, FIONREAD, &no), ENOTTY) &&
          fails(ioctl(event, 0x1234, &no), ENOTTY), "which has no other requests");
    check(isatty(event) == 0 && errno == ENOTTY, "no terminal");
    close(event);
    close(same);
    close(other);
}

/// Streams of the C library on descriptors that are ours.
void streams(debug::Check& check) noexcept {
    int ends[2];
    if (!check(pipe(ends) == 0, "a pipe")) return;
    FILE* const out = fdopen(ends[1], "w");
    FILE* const in = fdopen(ends[0], "r");
    char line[32];
    check(fprintf(out, "%d lines\n", 1) == 8 && fflush(out) == 0 &&
          fgets(line, sizeof line, in) != nullptr, "a stream into a pipe");
    check(fclose(out) == 0 && fgetc(in) == EOF && feof(in) != 0 && fclose(in) == 0 &&
          fails(close(ends[0]), EBADF), "and its end");
}

}  // namespace

void descriptors(debug::Check& check) noexcept {
    errno = 0;
    nobody(check);
    console(check);
    duplicates(check);
    flags(check);
    streams(check);
}

}  // namespace unicore::posix::fd
