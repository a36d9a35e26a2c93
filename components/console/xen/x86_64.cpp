// SPDX-License-Identifier: BSD-3-Clause
#include "domain.hpp"

#include <unicore/platform/per_image.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace unicore::console::xen {
namespace {

constexpr std::uint64_t step = 1'000'000;  // ns

struct State {
    std::uint64_t awake = 0;  ///< system time, ns: the end of the last pause
};
platform::PerImage<State> state;

}  // namespace

bool wanted() noexcept { return true; }

/// The time in the shared page is that of this vCPU's last start, which may be long ago: then the first pauses are
/// none, and each next one ends a step later.
void pause() noexcept {
    vcpu_time_info& time = unicore::xen::guest::shared().vcpu_info[0].time;
    const std::uint64_t started = std::atomic_ref(time.system_time).load(std::memory_order_relaxed);
    state->awake = std::max<std::uint64_t>(state->awake, started) + step;
    sched_poll poll{};
    poll.timeout = state->awake;
    static_cast<void>(unicore::xen::hypercall::perform(poll));
}

}  // namespace unicore::console::xen
