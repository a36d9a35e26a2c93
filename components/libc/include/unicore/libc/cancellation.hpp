// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>

/// What functions of C do that are cancellation points. All of it is weak and nothing, but in images with posix.threads.
/// [POSIX.1-2017, XSH 2.9.5.2]
namespace unicore::libc::cancellation {

/// Called first and last; both may end the thread and not return, so nothing in the caller's frame has a destructor.
/// A function that was interrupted failed with EINTR and did nothing. Context: thread.
void begin() noexcept;
void end(bool interrupted) noexcept;

/// Waits in between, as WaitQueue::wait. Errors: timed_out; stopped, also when the thread is to be cancelled.
Result<void> wait(sched::WaitQueue& queue, sched::Predicate condition, time::Instant deadline) noexcept;

}  // namespace unicore::libc::cancellation
