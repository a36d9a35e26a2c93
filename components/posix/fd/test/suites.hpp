// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>
#include <unicore/debug/check.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/thread.hpp>

#include <errno.h>

namespace unicore::posix::fd {

/// What descriptors must do, by function of POSIX.1-2017 and of Linux's manual.
void descriptors(debug::Check& check) noexcept;  // close, dup, fcntl, fstat, ioctl, isatty, lseek
void pipes(debug::Check& check) noexcept;        // pipe, read, write, readv, writev
void events(debug::Check& check) noexcept;       // eventfd
void timers(debug::Check& check) noexcept;       // timerfd
void polls(debug::Check& check) noexcept;        // poll, ppoll, select, pselect
void limits(debug::Check& check) noexcept;       // EMFILE, ENOMEM
void stops(debug::Check& check) noexcept;        // EINTR, from a stop request on: the last one

/// Whether a call failed, and for this reason.
inline bool fails(long result, int error) noexcept {
    const bool right = result == -1 && errno == error;
    errno = 0;
    return right;
}

/// A thread that does something, after a while in which the one that started it can wait.
template <typename Action>
class Later {
public:
    explicit Later(Action action) noexcept
        : action_(action), thread_(sched::Thread::create(
                               [](void* self) noexcept {
                                   static_cast<void>(sched::sleep_for(std::chrono::milliseconds(5)));
                                   static_cast<Later*>(self)->action_();
                               },
                               this)
                               .value()) {}

private:
    Action action_;
    sched::Thread thread_;  // joined at the end
};

}  // namespace unicore::posix::fd
