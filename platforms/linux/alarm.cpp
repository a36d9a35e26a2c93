// SPDX-License-Identifier: BSD-3-Clause
// Interrupts at a moment while the process runs. [setitimer(2)]
#include "fault.hpp"
#include "linux.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/linux/system_call.hpp>
#include <unicore/platform/linux/wait.hpp>

#include <algorithm>

namespace unicore::platform {
namespace {

using linux::Call;
using linux::Signal;

/// struct itimerval, in the width that all architectures have.
struct TimerValue {
    long interval_seconds = 0, interval_microseconds = 0;
    long seconds = 0, microseconds = 0;
};

constexpr int real_time = 0;  // ITIMER_REAL

void set(std::chrono::microseconds left) noexcept {
    TimerValue value;
    value.seconds = static_cast<long>(left.count() / 1'000'000);
    value.microseconds = static_cast<long>(left.count() % 1'000'000);
    linux::system_call(Call::setitimer, real_time, &value, nullptr);
}

void on_alarm(int signal, const linux::SignalInformation*, const linux::SignalContext*) noexcept {
    Interrupts::raise(signal);
}

/// On the stack of the thread that it interrupts, so that another one can go on meanwhile; and not blocked then.
constexpr linux::SignalAction action = [] {
    linux::SignalAction made = linux::signal_action(on_alarm, 0, linux::restorer);
    made.flags &= ~static_cast<decltype(made.flags)>(linux::on_stack);
    return made;
}();

constinit bool started = false;

}  // namespace

void linux::alarm_at(std::chrono::nanoseconds deadline) noexcept {
    if (!started) {
        system_call(Call::rt_sigaction, static_cast<int>(Signal::alarm), &action, nullptr, sizeof action.mask);
        started = true;
    }
    if (deadline == std::chrono::nanoseconds::max()) return set({});
    TimeSpec now{};
    system_call(Call::clock_gettime, 1, &now);
    constexpr std::chrono::nanoseconds least = std::chrono::microseconds(1), most = std::chrono::hours(24);
    const auto left = deadline - std::chrono::seconds(now.seconds) - std::chrono::nanoseconds(now.nanoseconds);
    set(std::chrono::ceil<std::chrono::microseconds>(std::clamp(left, least, most)));
}

void linux::postpone_end() noexcept {
    if (started) set(std::chrono::microseconds(1));
}

}  // namespace unicore::platform
