// SPDX-License-Identifier: BSD-3-Clause
// [timerfd_create(2); POSIX.1-2017, timer_settime]
#include <unicore/base/chrono.hpp>
#include <unicore/posix/fd/calls.hpp>

#include <unicore/base/result.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/timed_work.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <algorithm>

#include <fcntl.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

using sched::Guard;
using time::Duration;
using time::Instant;
using time::Monotonic;

constexpr std::int64_t most_seconds = std::int64_t{1} << 32;  // more than a century is for ever

bool valid(const timespec& time) noexcept {
    return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}

Duration duration(const timespec& time) noexcept {
    const std::chrono::seconds seconds(std::min<std::int64_t>(time.tv_sec, most_seconds));
    return seconds + std::chrono::nanoseconds(time.tv_nsec);
}

timespec time_of(Duration duration) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return {static_cast<time_t>(seconds.count()), static_cast<long>((duration - seconds).count())};
}

class Timer final : public Description, sched::TimedWork {
public:
    Timer(clockid_t clock, int flags) noexcept : Description(O_RDWR | flags, Kind::timer), clock_(clock) {}

    Outcome<std::size_t> read(Buffers& into) noexcept override {
        std::uint64_t times;
        if (into.left() < sizeof times) return std::unexpected(EINVAL);
        {
            const Guard guard(mutex_);
            times = expirations();
            if (times == 0) return std::unexpected(EAGAIN);
            if (interval_ != Duration::zero()) next_ += interval_ * static_cast<std::int64_t>(times);
            else next_ = time::never;
            wake_at(next_);
        }
        return into.put(std::as_bytes(std::span(&times, 1)));
    }
    Outcome<std::size_t> write(Buffers&) noexcept override { return std::unexpected(EINVAL); }
    short state() noexcept override {
        const Guard guard(mutex_);
        return expirations() != 0 ? POLLIN | POLLRDNORM : 0;
    }
    void describe(struct stat& out) noexcept override {
        out.st_mode = S_IRUSR | S_IWUSR;
        out.st_nlink = 1;
    }

    /// What is left until it expires next, and how often it does from then on.
    itimerspec setting() noexcept {
        const Guard guard(mutex_);
        itimerspec out{};
        out.it_interval = time_of(interval_);
        if (next_ == time::never) return out;
        const Instant now = Monotonic::now();
        Instant next = next_;
        if (next <= now && interval_ != Duration::zero())
            next += interval_ * static_cast<std::int64_t>((now - next) / interval_ + 1);
        out.it_value = time_of(std::max(next - now, Duration::zero()));
        return out;
    }

    void set(const itimerspec& value, bool absolute) noexcept {
        Instant next = time::never;
        if (value.it_value.tv_sec != 0 || value.it_value.tv_nsec != 0) {
            const Instant now = Monotonic::now();
            Duration left = duration(value.it_value);
            if (absolute)
                left -= clock_ == CLOCK_REALTIME ? time::wall::date_or_uptime().time_since_epoch() : now.time_since_epoch();
            next = now + left;
        }
        {
            const Guard guard(mutex_);
            next_ = next;
            interval_ = duration(value.it_interval);
            wake_at(next_);
        }
        changed();
    }

private:
    /// It has expired: once, until somebody reads that.
    void run() noexcept override { changed(); }
    void destroy() noexcept override {
        const Pause pause;
        unmake(*this);
    }

    /// How often it has expired and nobody has read that. Called with the lock.
    std::uint64_t expirations() noexcept {
        if (next_ == time::never) return 0;
        const Instant now = Monotonic::now();
        if (now < next_) return 0;
        return interval_ == Duration::zero() ? 1 : static_cast<std::uint64_t>((now - next_) / interval_) + 1;
    }

    const clockid_t clock_;
    sched::Mutex mutex_;  ///< of the rest
    Instant next_ = time::never;
    Duration interval_{};
};

}  // namespace
}  // namespace unicore::posix::fd

using namespace unicore::posix::fd;

namespace {

/// Errors: EBADF; EINVAL for what is no timer.
Outcome<Reference> find_timer(int descriptor) noexcept {
    auto found = find(descriptor);
    if (found && (*found)->kind() != Description::Kind::timer) return std::unexpected(EINVAL);
    return found;
}

}  // namespace

extern "C" {

/// CLOCK_MONOTONIC and CLOCK_REALTIME. Errors: EINVAL for others, and for other flags; EMFILE; ENOMEM.
int timerfd_create(clockid_t clock, int flags) {
    if ((clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) || (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK)) != 0)
        return fail(EINVAL);
    auto made = make<Timer>(clock, flags & O_NONBLOCK);
    if (!made) return fail(made.error());
    return answer(open(std::move(*made), (flags & TFD_CLOEXEC) != 0));
}

/// Errors: EBADF; EINVAL for what is no timer, times that are none, and other flags than TFD_TIMER_ABSTIME.
int timerfd_settime(int descriptor, int flags, const itimerspec* value, itimerspec* before) {
    const auto found = find_timer(descriptor);
    if (!found) return fail(found.error());
    if ((flags & ~TFD_TIMER_ABSTIME) != 0 || !valid(value->it_value) || !valid(value->it_interval)) return fail(EINVAL);
    auto& timer = static_cast<Timer&>(**found);
    if (before != nullptr) *before = timer.setting();
    timer.set(*value, (flags & TFD_TIMER_ABSTIME) != 0);
    return 0;
}

int timerfd_gettime(int descriptor, itimerspec* value) {
    const auto found = find_timer(descriptor);
    if (!found) return fail(found.error());
    *value = static_cast<Timer&>(**found).setting();
    return 0;
}

}  // extern "C"
