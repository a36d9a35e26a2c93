// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, poll, select, pselect; ppoll(2)]
#include <unicore/base/chrono.hpp>
#include <unicore/posix/fd/calls.hpp>
#include "table.hpp"
#include <unicore/posix/fd/wait.hpp>

#include <unicore/time/clock.hpp>

#include <algorithm>
#include <memory>

#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

namespace unicore::posix::fd {
namespace {

/// Fills in what holds; returns how many have something.
int collect(std::span<pollfd> descriptors, std::span<Watched> all) noexcept {
    int count = 0;
    for (std::size_t i = 0; i != descriptors.size(); ++i) {
        pollfd& descriptor = descriptors[i];
        descriptor.revents = 0;
        if (all[i].description) descriptor.revents = all[i].state();
        else if (descriptor.fd >= 0) descriptor.revents = POLLNVAL;
        if (descriptor.revents != 0) ++count;
    }
    return count;
}

/// Who waits has its part of the descriptors' lists on its stack: `all` is as long as the descriptors are many.
Outcome<int> poll_with(std::span<pollfd> descriptors, std::span<Watched> all, time::Instant deadline) noexcept {
    bool wrong = false;
    for (std::size_t i = 0; i != descriptors.size(); ++i) {
        if (descriptors[i].fd < 0) continue;
        auto found = find(descriptors[i].fd);
        if (found) all[i].description = std::move(*found);
        else wrong = true;
        all[i].events = descriptors[i].events;
    }
    const auto waited = wait(all, wrong ? at_once : deadline);
    if (!waited && waited.error() != ETIMEDOUT) return std::unexpected(waited.error());
    return collect(descriptors, all);
}

/// Errors: EINVAL for more descriptors than there can be; EINTR; ENOMEM.
Outcome<int> poll_until(std::span<pollfd> descriptors, time::Instant deadline) noexcept {
    constexpr std::size_t on_stack = 64;
    if (descriptors.size() > Table::most) return std::unexpected(EINVAL);
    const std::size_t size = std::max<std::size_t>(descriptors.size(), 1) * sizeof(Watched);
    const bool many = descriptors.size() > on_stack;
    void* place;
    if (many) {
        const auto block = memory::heap::allocate(size);
        if (!block) return std::unexpected(ENOMEM);
        place = *block;
    } else {
        place = __builtin_alloca(size);
    }
    const std::span<Watched> all(static_cast<Watched*>(place), descriptors.size());
    std::uninitialized_default_construct(all.begin(), all.end());
    const auto outcome = poll_with(descriptors, all, deadline);
    std::ranges::destroy(all);
    if (many) memory::heap::release(place);
    return outcome;
}

bool valid(const timespec& time) noexcept {
    return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}
bool valid(const timeval& time) noexcept { return time.tv_sec >= 0 && time.tv_usec >= 0 && time.tv_usec < 1'000'000; }

/// Which of a set's descriptors have something of `events`; the set becomes those.
int keep(fd_set* set, std::span<const pollfd> polled, short events) noexcept {
    if (set == nullptr) return 0;
    int count = 0;
    FD_ZERO(set);
    for (const pollfd& descriptor : polled) {
        if ((descriptor.events & events) == 0 || (descriptor.revents & events) == 0) continue;
        FD_SET(descriptor.fd, set);
        ++count;
    }
    return count;
}

// What select means by each of its sets. An end and an error can be read and written without waiting.
constexpr short reading = POLLIN | POLLHUP | POLLERR, writing = POLLOUT | POLLERR, excepting = POLLPRI;

Outcome<int> select_until(int count, fd_set* read, fd_set* write, fd_set* except, time::Instant deadline) noexcept {
    if (count < 0 || count > FD_SETSIZE) return std::unexpected(EINVAL);
    pollfd polled[FD_SETSIZE];
    std::size_t used = 0;
    for (int number = 0; number != count; ++number) {
        const auto in = [&](fd_set* set) { return set != nullptr && FD_ISSET(number, set) != 0; };
        const int events = (in(read) ? POLLIN : 0) | (in(write) ? POLLOUT : 0) | (in(except) ? POLLPRI : 0);
        if (events != 0) polled[used++] = {number, static_cast<short>(events), 0};
    }
    const std::span<pollfd> all(polled, used);
    const auto ready = poll_until(all, deadline);
    if (!ready) return ready;
    for (pollfd& descriptor : all) {
        if ((descriptor.revents & POLLNVAL) != 0) return std::unexpected(EBADF);
        // In the terms of the events that were asked for.
        int revents = 0;
        if ((descriptor.revents & reading) != 0) revents |= POLLIN;
        if ((descriptor.revents & writing) != 0) revents |= POLLOUT;
        if ((descriptor.revents & excepting) != 0) revents |= POLLPRI;
        descriptor.revents = static_cast<short>(revents);
    }
    return keep(read, all, POLLIN) + keep(write, all, POLLOUT) + keep(except, all, POLLPRI);
}

}  // namespace
}  // namespace unicore::posix::fd

using namespace unicore;
using namespace unicore::posix::fd;

extern "C" {

int poll(pollfd descriptors[], nfds_t count, int milliseconds) {
    const auto deadline = milliseconds < 0 ? time::never : deadline_in(0, milliseconds * std::int64_t{1'000'000});
    return at_point([&] { return answer(poll_until({descriptors, count}, deadline)); });
}

/// The mask of signals changes nothing: no signal comes from elsewhere.
int ppoll(pollfd descriptors[], nfds_t count, const timespec* timeout, const sigset_t*) {
    if (timeout != nullptr && !valid(*timeout)) return fail(EINVAL);
    const auto deadline = timeout == nullptr ? time::never : deadline_in(timeout->tv_sec, timeout->tv_nsec);
    return at_point([&] { return answer(poll_until({descriptors, count}, deadline)); });
}

/// The timeout stays as it is. Errors: EBADF; EINVAL; EINTR.
int select(int count, fd_set* read, fd_set* write, fd_set* except, timeval* timeout) {
    if (timeout != nullptr && !valid(*timeout)) return fail(EINVAL);
    const auto deadline =
        timeout == nullptr ? time::never : deadline_in(timeout->tv_sec, timeout->tv_usec * std::int64_t{1000});
    return at_point([&] { return answer(select_until(count, read, write, except, deadline)); });
}

int pselect(int count, fd_set* read, fd_set* write, fd_set* except, const timespec* timeout, const sigset_t*) {
    if (timeout != nullptr && !valid(*timeout)) return fail(EINVAL);
    const auto deadline = timeout == nullptr ? time::never : deadline_in(timeout->tv_sec, timeout->tv_nsec);
    return at_point([&] { return answer(select_until(count, read, write, except, deadline)); });
}

}  // extern "C"
