// SPDX-License-Identifier: BSD-3-Clause
// What the C library calls, and functions that it has not. These take the place of libc.newlib's.
// [POSIX.1-2017, close, dup, fcntl, fstat, isatty, lseek, read, write]
#include <unicore/posix/fd/calls.hpp>
#include "table.hpp"

#include <unicore/base/result.hpp>

#include <cstdarg>
#include <cstdint>

#include <fcntl.h>
#include <limits.h>
#include <reent.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace unicore::posix::fd {

/// The boot step. It is here since images have what the boot refers to: functions of the C library that are only called by
/// names that it has itself, as close is, would be its own else.
Result<void> start() noexcept {
    open_console();
    return {};
}

}  // namespace unicore::posix::fd

using namespace unicore::posix::fd;

namespace {

/// A number does not refer to it any more.
void left(Description& description, int descriptor) noexcept {
    if (!description.pollers().empty()) unwatch(description, descriptor);
}

/// Duplicates a descriptor as the lowest number that is free and not below `least`.
int duplicate(int descriptor, int least, bool close_on_exec) noexcept {
    auto found = find(descriptor);
    if (!found) return fail(found.error());
    if (least < 0 || static_cast<std::size_t>(least) >= Table::most) return fail(EINVAL);
    return answer(open(std::move(*found), close_on_exec, least));
}

int duplicate_to(int descriptor, int wanted, bool close_on_exec) noexcept {
    auto found = find(descriptor);
    if (!found) return fail(found.error());
    const auto before = table().replace(wanted, std::move(*found), close_on_exec);
    if (!before) return fail(before.error());
    if (*before) left(**before, wanted);
    return wanted;
}

/// How many buffers there may be, and how much of them. [POSIX.1-2017, readv, writev]
bool valid(const iovec* pieces, int count) noexcept {
    if (count <= 0 || count > IOV_MAX) return false;
    std::size_t sum = 0;
    for (int i = 0; i != count; ++i) {
        sum += pieces[i].iov_len;
        if (sum > PTRDIFF_MAX || pieces[i].iov_len > PTRDIFF_MAX) return false;
    }
    return true;
}

ssize_t read_into(int descriptor, const iovec* pieces, int count) noexcept {
    const auto found = find(descriptor);
    if (!found) return fail(found.error());
    if (!valid(pieces, count)) return fail(EINVAL);
    return answer(read(**found, Buffers({pieces, static_cast<std::size_t>(count)})));
}

ssize_t write_from(int descriptor, const iovec* pieces, int count) noexcept {
    const auto found = find(descriptor);
    if (!found) return fail(found.error());
    if (!valid(pieces, count)) return fail(EINVAL);
    return answer(write(**found, Buffers({pieces, static_cast<std::size_t>(count)})));
}

}  // namespace

extern "C" {

_ssize_t _read_r(_reent*, int descriptor, void* data, std::size_t size) {
    const iovec piece{data, size};
    return read_into(descriptor, &piece, 1);
}

_ssize_t _write_r(_reent*, int descriptor, const void* data, std::size_t size) {
    const iovec piece{const_cast<void*>(data), size};
    return write_from(descriptor, &piece, 1);
}

// In the place of newlib's, which streams do not call: who is cancelled in these has the lock of none.
_READ_WRITE_RETURN_TYPE read(int descriptor, void* data, std::size_t size) {
    return static_cast<_READ_WRITE_RETURN_TYPE>(at_point([&] { return _read_r(nullptr, descriptor, data, size); }));
}
_READ_WRITE_RETURN_TYPE write(int descriptor, const void* data, std::size_t size) {
    return static_cast<_READ_WRITE_RETURN_TYPE>(at_point([&] { return _write_r(nullptr, descriptor, data, size); }));
}
ssize_t readv(int descriptor, const iovec* pieces, int count) {
    return at_point([&] { return read_into(descriptor, pieces, count); });
}
ssize_t writev(int descriptor, const iovec* pieces, int count) {
    return at_point([&] { return write_from(descriptor, pieces, count); });
}

/// What stands in a read or write of it goes on.
int _close_r(_reent*, int descriptor) {
    const auto closed = table().close(descriptor);
    if (!closed) return fail(closed.error());
    left(**closed, descriptor);
    return 0;
}

int _fstat_r(_reent*, int descriptor, struct stat* out) {
    const auto found = find(descriptor);
    if (!found) return fail(found.error());
    *out = {};
    (*found)->describe(*out);
    return 0;
}

int _isatty_r(_reent*, int descriptor) {
    const auto found = find(descriptor);
    if (found && (*found)->terminal()) return 1;
    fail(found ? ENOTTY : found.error());
    return 0;
}

_off_t _lseek_r(_reent*, int descriptor, _off_t offset, int whence) {
    const auto found = find(descriptor);
    return found ? static_cast<_off_t>(answer((*found)->seek(offset, whence))) : fail(found.error());
}

/// F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL. Errors: EBADF; EMFILE; EINVAL, for other commands too.
int _fcntl_r(_reent*, int descriptor, int command, int argument) {
    const auto found = find(descriptor);
    if (!found) return fail(found.error());
    switch (command) {
        case F_DUPFD:
        case F_DUPFD_CLOEXEC: return duplicate(descriptor, argument, command == F_DUPFD_CLOEXEC);
        case F_GETFD: {
            const auto close_on_exec = table().close_on_exec(descriptor);
            if (!close_on_exec) return fail(close_on_exec.error());
            return *close_on_exec ? FD_CLOEXEC : 0;
        }
        case F_SETFD: {
            const auto set = table().set_close_on_exec(descriptor, (argument & FD_CLOEXEC) != 0);
            return set ? 0 : fail(set.error());
        }
        case F_GETFL: return (*found)->flags();
        case F_SETFL: (*found)->set_nonblocking((argument & O_NONBLOCK) != 0); return 0;
        default: return fail(EINVAL);
    }
}

int dup(int descriptor) { return duplicate(descriptor, 0, false); }

int dup2(int descriptor, int wanted) {
    if (descriptor != wanted) return duplicate_to(descriptor, wanted, false);
    const auto found = find(descriptor);
    return found ? wanted : fail(found.error());
}

/// Errors: EINVAL for the same number twice, and for other flags than O_CLOEXEC. [dup(2)]
int dup3(int descriptor, int wanted, int flags) {
    if (descriptor == wanted || (flags & ~O_CLOEXEC) != 0) return fail(EINVAL);
    return duplicate_to(descriptor, wanted, (flags & O_CLOEXEC) != 0);
}

/// FIONREAD and FIONBIO. Errors: ENOTTY.
int ioctl(int descriptor, unsigned long request, ...) {
    std::va_list arguments;
    va_start(arguments, request);
    int* const argument = va_arg(arguments, int*);
    va_end(arguments);
    const auto found = find(descriptor);
    if (!found) return fail(found.error());
    if (request == FIONBIO) {
        (*found)->set_nonblocking(*argument != 0);
        return 0;
    }
    if (request != FIONREAD) return fail(ENOTTY);
    const auto unread = (*found)->unread();
    if (!unread) return fail(unread.error());
    *argument = *unread;
    return 0;
}

}  // extern "C"
