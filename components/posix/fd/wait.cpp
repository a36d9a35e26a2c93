// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/chrono.hpp>
#include <unicore/posix/fd/wait.hpp>

#include <algorithm>

#include <fcntl.h>

namespace unicore::posix::fd {

short Watched::state() noexcept {
    return static_cast<short>(description->state() & (events | POLLERR | POLLHUP));
}

namespace {

/// Stands in the lists of all of them for a scope.
class Standing {
public:
    Standing(std::span<Watched> all, Poller& poller) noexcept : all_(all) {
        for (Watched& watched : all_) {
            if (!watched.description) continue;
            watched.hook.watcher = &poller;
            watched.description->pollers().add(watched.hook);
        }
    }
    ~Standing() {
        for (Watched& watched : all_)
            if (watched.description) PollHooks::remove(watched.hook);
    }
    Standing(const Standing&) = delete;
    Standing& operator=(const Standing&) = delete;

private:
    std::span<Watched> all_;
};

bool any_ready(std::span<Watched> all) noexcept {
    return std::ranges::any_of(all, [](Watched& watched) { return watched.description && watched.state() != 0; });
}

}  // namespace

time::Instant deadline_in(std::int64_t seconds, std::int64_t nanoseconds) noexcept {
    if (seconds == 0 && nanoseconds == 0) return at_once;
    if (seconds >= std::int64_t{1} << 32) return time::never;
    return time::Monotonic::now() + std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanoseconds);
}

Outcome<void> wait(std::span<Watched> all, time::Instant deadline) noexcept {
    const bool ready = any_ready(all);
    if (ready || deadline == at_once) {
        sched::yield();  // who never waits lets others run, the network stack too
        if (ready || any_ready(all)) return {};
        return std::unexpected(ETIMEDOUT);
    }
    Poller poller;
    const Standing standing(all, poller);
    for (;;) {
        poller.forget();
        if (any_ready(all)) return {};
        time::Instant look = deadline;
        for (Watched& watched : all)
            if (watched.description) look = std::min(look, watched.description->look_at());
        const auto waited = poller.wait(look);
        if (waited || (waited.error() == Error::timed_out && look != deadline)) continue;
        if (waited.error() == Error::stopped) return std::unexpected(EINTR);
        if (any_ready(all)) return {};
        return std::unexpected(ETIMEDOUT);
    }
}

namespace {

/// Repeats what says EAGAIN, as often as it may wait, and as long.
template <typename Attempt>
Outcome<std::size_t> repeat(Description& description, short event, Attempt attempt) noexcept {
    const time::Duration patience = description.patience(event);
    const time::Instant deadline = patience == time::Duration::max() ? time::never : time::Monotonic::now() + patience;
    for (;;) {
        const Outcome<std::size_t> outcome = attempt();
        if (outcome || outcome.error() != EAGAIN || (description.flags() & O_NONBLOCK) != 0) return outcome;
        Watched watched[] = {{Reference(description), event}};
        if (const auto waited = wait(watched, deadline); !waited)
            return std::unexpected(waited.error() == ETIMEDOUT ? EAGAIN : waited.error());
    }
}

}  // namespace

Outcome<std::size_t> read(Description& from, Buffers into) noexcept {
    if ((from.flags() & O_ACCMODE) == O_WRONLY) return std::unexpected(EBADF);
    return repeat(from, POLLIN, [&] { return from.read(into); });
}

/// What was written counts, whatever ends it then.
Outcome<std::size_t> write(Description& to, Buffers from) noexcept {
    if ((to.flags() & O_ACCMODE) == O_RDONLY) return std::unexpected(EBADF);
    std::size_t written = 0;
    do {
        const auto outcome = repeat(to, POLLOUT, [&] { return to.write(from); });
        if (!outcome) return written != 0 ? Outcome<std::size_t>(written) : outcome;
        written += *outcome;
    } while (from.left() != 0 && (to.flags() & O_NONBLOCK) == 0);
    return written;
}

}  // namespace unicore::posix::fd
