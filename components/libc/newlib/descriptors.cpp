// SPDX-License-Identifier: BSD-3-Clause
// The three descriptors that there are, all of them the console; an image with posix.fd has its own functions instead.
// [POSIX.1-2017, close, fcntl, fstat, isatty, lseek, read, write]
#include "reent.hpp"

#include <unicore/console.hpp>

#include <atomic>
#include <cstddef>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace unicore;
using libc::newlib::fail;
using libc::newlib::to_errno;

namespace {

constinit std::atomic<unsigned> open_descriptors = 1U << STDIN_FILENO | 1U << STDOUT_FILENO | 1U << STDERR_FILENO;

bool is_open(int descriptor) noexcept {
    return descriptor >= 0 && descriptor < 3 && (open_descriptors >> descriptor & 1) != 0;
}

}  // namespace

extern "C" {

/// Errors: EBADF unless to 1 or 2.
[[gnu::weak]] _ssize_t _write_r(_reent* reent, int descriptor, const void* data, std::size_t size) {
    if (!is_open(descriptor) || descriptor == STDIN_FILENO) return fail(reent, EBADF);
    console::write({static_cast<const char*>(data), size});
    return static_cast<_ssize_t>(size);
}

/// At its end in images without console.input. Errors: EBADF unless from 0; EINTR when the image is to stop.
[[gnu::weak]] _ssize_t _read_r(_reent* reent, int descriptor, void* data, std::size_t size) {
    if (!is_open(descriptor) || descriptor != STDIN_FILENO) return fail(reent, EBADF);
    const auto taken = console::read({static_cast<char*>(data), size});
    return taken ? static_cast<_ssize_t>(*taken) : fail(reent, to_errno(taken.error()));
}

[[gnu::weak]] int _close_r(_reent* reent, int descriptor) {
    if (!is_open(descriptor)) return fail(reent, EBADF);
    const unsigned own = 1U << descriptor;
    return (open_descriptors.fetch_and(~own) & own) != 0 ? 0 : fail(reent, EBADF);  // another thread may have been first
}

/// A character device, so that streams are buffered by line.
[[gnu::weak]] int _fstat_r(_reent* reent, int descriptor, struct stat* out) {
    if (!is_open(descriptor)) return fail(reent, EBADF);
    *out = {};
    out->st_mode = S_IFCHR | (descriptor == STDIN_FILENO ? S_IRUSR : S_IWUSR);
    out->st_nlink = 1;
    return 0;
}

[[gnu::weak]] int _isatty_r(_reent* reent, int descriptor) {
    if (is_open(descriptor)) return 1;
    fail(reent, EBADF);
    return 0;
}

/// Errors: ESPIPE, EBADF.
[[gnu::weak]] _off_t _lseek_r(_reent* reent, int descriptor, _off_t, int) {
    return fail(reent, is_open(descriptor) ? ESPIPE : EBADF);
}

/// F_GETFL, F_GETFD and F_SETFD. Errors: EBADF; EINVAL for other commands.
[[gnu::weak]] int _fcntl_r(_reent* reent, int descriptor, int command, int) {
    if (!is_open(descriptor)) return fail(reent, EBADF);
    if (command == F_GETFL) return descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY;
    if (command == F_GETFD || command == F_SETFD) return 0;
    return fail(reent, EINVAL);
}

}  // extern "C"
