// SPDX-License-Identifier: BSD-3-Clause
// [epoll_create(2), epoll_ctl(2), epoll_wait(2)]
#include "set.hpp"

#include <unicore/posix/fd/calls.hpp>
#include <unicore/posix/fd/wait.hpp>

#include <limits.h>

using namespace unicore;
using namespace unicore::posix;
using namespace unicore::posix::epoll;
using fd::answer;
using fd::fail;

namespace {

/// Errors: EBADF; EINVAL for what is no set.
Outcome<Reference> find_set(int descriptor) noexcept {
    auto found = fd::find(descriptor);
    if (found && (*found)->kind() != Description::Kind::epoll) return std::unexpected(EINVAL);
    return found;
}
Set& set_of(const Reference& reference) noexcept { return static_cast<Set&>(*reference); }

Outcome<void> control(int set, int operation, int descriptor, const epoll_event* event) noexcept {
    const auto watching = fd::find(set);
    if (!watching) return std::unexpected(watching.error());
    const auto watched = fd::find(descriptor);
    if (!watched) return std::unexpected(watched.error());
    if (!(*watched)->watchable()) return std::unexpected(EPERM);
    if ((*watching)->kind() != Description::Kind::epoll || *watching == *watched) return std::unexpected(EINVAL);
    if (event == nullptr && operation != EPOLL_CTL_DEL) return std::unexpected(EFAULT);
    const sched::Guard guard(membership());
    switch (operation) {
    case EPOLL_CTL_ADD: return set_of(*watching).add(**watched, descriptor, *event);
    case EPOLL_CTL_MOD: return set_of(*watching).change(**watched, descriptor, *event);
    case EPOLL_CTL_DEL: return set_of(*watching).remove(**watched, descriptor);
    default: return std::unexpected(EINVAL);
    }
}

int wait_until(int set, epoll_event* events, int most, time::Instant deadline) noexcept {
    return fd::at_point([&] {
        const auto found = find_set(set);
        if (!found) return fail(found.error());
        if (most <= 0 || most > static_cast<int>(INT_MAX / sizeof(epoll_event))) return fail(EINVAL);
        return answer(set_of(*found).wait({events, static_cast<std::size_t>(most)}, deadline));
    });
}

}  // namespace

extern "C" {

/// Errors: EINVAL for other flags than EPOLL_CLOEXEC; EMFILE; ENOMEM.
int epoll_create1(int flags) {
    if ((flags & ~EPOLL_CLOEXEC) != 0) return fail(EINVAL);
    auto made = fd::make<Set>();
    if (!made) return fail(made.error());
    return answer(fd::open(std::move(*made), flags != 0));
}

int epoll_create(int size) { return size <= 0 ? fail(EINVAL) : epoll_create1(0); }

/// Errors: EBADF; EEXIST; EINVAL for what is no set, for itself, and for other operations; ELOOP; ENOENT; ENOMEM; EPERM
/// for what is always ready.
int epoll_ctl(int set, int operation, int descriptor, epoll_event* event) {
    const auto outcome = control(set, operation, descriptor, event);
    return outcome ? 0 : fail(outcome.error());
}

/// Errors: EBADF; EINVAL for what is no set, and for no room; EINTR.
int epoll_wait(int set, epoll_event* events, int most, int milliseconds) {
    const auto deadline = milliseconds < 0 ? time::never : fd::deadline_in(0, milliseconds * std::int64_t{1'000'000});
    return wait_until(set, events, most, deadline);
}

/// The mask of signals changes nothing: no signal comes from elsewhere.
int epoll_pwait(int set, epoll_event* events, int most, int milliseconds, const sigset_t*) {
    return epoll_wait(set, events, most, milliseconds);
}

int epoll_pwait2(int set, epoll_event* events, int most, const timespec* timeout, const sigset_t*) {
    if (timeout != nullptr && (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1'000'000'000))
        return fail(EINVAL);
    return wait_until(set, events, most, timeout == nullptr ? time::never : fd::deadline_in(timeout->tv_sec, timeout->tv_nsec));
}

}  // extern "C"
