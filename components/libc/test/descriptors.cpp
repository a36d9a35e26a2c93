// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, close, fcntl, fstat, isatty, lseek, open, read, sysconf, write]
#include "suites.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace unicore::libc {
namespace {

/// Whether a call failed, and for this reason.
bool fails(long result, int error) noexcept {
    const bool right = result == -1 && errno == error;
    errno = 0;
    return right;
}

}  // namespace

void descriptors(debug::Check& check) noexcept {
    char byte = 'x';
    struct stat status{};
    errno = 0;
    check(read(0, &byte, 1) == 0 && byte == 'x', "input is at its end");
    check(write(1, "", 0) == 0 && write(2, "", 0) == 0, "output");
    check(fails(write(0, &byte, 1), EBADF) && fails(read(1, &byte, 1), EBADF), "each in its direction");
    for (const int none : {3, -1, 1000})
        check(fails(write(none, &byte, 1), EBADF) && fails(read(none, &byte, 1), EBADF) && fails(close(none), EBADF) &&
                  fails(lseek(none, 0, SEEK_SET), EBADF) && fails(fstat(none, &status), EBADF) &&
                  fails(fcntl(none, F_GETFL), EBADF) &&
                  isatty(none) == 0 && errno == EBADF, "descriptors that are not there");
    check(fstat(1, &status) == 0 && S_ISCHR(status.st_mode) && isatty(1) == 1, "the console is a character device");
    check(fails(lseek(1, 0, SEEK_CUR), ESPIPE), "which has no places");
    check(fcntl(0, F_GETFL) == O_RDONLY && fcntl(1, F_GETFL) == O_WRONLY && fails(fcntl(1, F_DUPFD, 0), EINVAL),
              "fcntl");
    check(fails(open("/file", O_RDONLY), ENOENT) && fails(open("file", O_CREAT | O_WRONLY, 0600), ENOENT) &&
              fails(stat("/", &status), ENOENT) && fails(unlink("file"), ENOENT) &&
              fails(mkdir("folder", 0700), ENOENT) &&
              fails(access("/", R_OK), ENOENT), "no path leads anywhere");
    check(close(0) == 0 && fails(read(0, &byte, 1), EBADF), "what is closed is not there");
    check(sysconf(_SC_PAGESIZE) == 4096 && sysconf(_SC_NPROCESSORS_ONLN) == 1 && fails(sysconf(12345), EINVAL),
              "sysconf");
}

}  // namespace unicore::libc
