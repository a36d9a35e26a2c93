// SPDX-License-Identifier: BSD-3-Clause
/// Works that were woken, for providers of sched. A provider that runs them in waits defines these
/// functions as well, weak and doing nothing: sched's take their place in images that have a Work, and
/// in all others the optimiser finds that there is nothing to call.
#pragma once

#include <unicore/time/clock.hpp>

#include <cstddef>

namespace unicore::sched::works {

/// Whether the image has works at all. Context: any.
bool exist() noexcept;

/// Called when there is work to run. sched's own, weak, does nothing: providers that run work in waits need not know.
/// Context: masked.
void alert() noexcept;

/// Has those run whose moment has come by `now`. Context: masked.
void expire(time::Instant now) noexcept;

/// When the first of the others is to be run, or never: a wait ends then, and looks at `expire`. Context: masked.
time::Instant due() noexcept;

/// Waits look again at `due`. Context: masked.
void look_again() noexcept;

/// How many are to be run; none inside of a run, and in a Work::Pause. Context: any.
std::size_t pending() noexcept;

/// Runs the one that was woken first, if any is to be run; returns whether there was one. Context: thread.
bool run_next() noexcept;

}  // namespace unicore::sched::works
