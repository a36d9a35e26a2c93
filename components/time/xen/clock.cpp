// SPDX-License-Identifier: BSD-3-Clause
#include "clock.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/hypercall.hpp>

#include <xen/vcpu.h>

#include <algorithm>

namespace unicore::time {
namespace {

using namespace std::string_view_literals;
namespace hypercall = unicore::xen::hypercall;

struct State {
    std::uint64_t last = 0;  ///< what was read last: time does not go back, whatever the hypervisor says
};
platform::PerImage<State> state;

std::uint64_t read() noexcept {
    const auto time = xen::system_time();
    if (!time) [[unlikely]]
        panic("the hypervisor's clock cannot be read"sv);
    return state->last = std::max(state->last, *time);
}

}  // namespace

Instant Monotonic::now() noexcept { return Instant(Duration(read())); }

namespace {

void set_timer(Instant deadline) noexcept {
    // Zero would be no deadline at all; what lies before the first nanosecond has passed as well.
    const Duration::rep nanoseconds = std::max<Duration::rep>(deadline.time_since_epoch().count(), 1);
    static_cast<void>(hypercall::set_timer(static_cast<std::uint64_t>(nanoseconds)));
}

}  // namespace

void clock::idle_until(Instant deadline) noexcept {
    if (deadline != never) set_timer(deadline);
    platform::Interrupts::unmask_and_wait();
}

void clock::interrupt_at(Instant deadline) noexcept { set_timer(deadline); }

namespace xen {

Result<void> start() noexcept {
    // A PV domain starts with a tick, which would wake it a hundred times a second.
    hypercall::call(__HYPERVISOR_vcpu_op, VCPUOP_stop_periodic_timer, 0);
    // The event itself is what ends the wait.
    UNICORE_TRY(unicore::xen::events::bind_virq(VIRQ_TIMER, {[](void*) noexcept {}, nullptr}));
    return {};
}

}  // namespace xen
}  // namespace unicore::time
