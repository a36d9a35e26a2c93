// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/check.hpp>
#include <unicore/sched/thread.hpp>

namespace unicore::sched {

void lock_conformance(debug::Check& check) noexcept;

/// A thread that calls `callable`, which lives at least as long.
template <typename Callable>
Result<Thread> start(Callable& callable, Thread::Settings settings = {}) noexcept {
    return Thread::create([](void* what) noexcept { (*static_cast<Callable*>(what))(); }, &callable, settings);
}

}  // namespace unicore::sched
