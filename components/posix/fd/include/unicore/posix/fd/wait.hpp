// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/posix/fd.hpp>

#include <cstdint>
#include <span>

#include <poll.h>

namespace unicore::posix::fd {

/// One description that somebody waits for.
struct Watched {
    Reference description;
    short events = 0;
    PollHook hook{};

    /// Which of the events hold, and the errors that always count.
    short state() noexcept;
};

/// The deadline of who does not wait.
inline constexpr time::Instant at_once = time::Instant::min();
/// That of who waits so long: `at_once` for 0; a century is for ever. Context: thread.
time::Instant deadline_in(std::int64_t seconds, std::int64_t nanoseconds) noexcept;

/// Waits until one of them has something of what it is watched for. Context: thread. Errors: ETIMEDOUT when the
/// deadline passes first; EINTR when the image is to stop.
Outcome<void> wait(std::span<Watched> all, time::Instant deadline) noexcept;

}  // namespace unicore::posix::fd
