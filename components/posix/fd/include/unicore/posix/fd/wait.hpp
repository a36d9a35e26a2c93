// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/posix/fd.hpp>

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

/// Waits until one of them has something of what it is watched for. Context: thread. Errors: ETIMEDOUT when the
/// deadline
/// passes first, which is not waited for when it has passed; EINTR when the image is to stop.
Outcome<void> wait(std::span<Watched> all, time::Instant deadline) noexcept;

}  // namespace unicore::posix::fd
