// SPDX-License-Identifier: BSD-3-Clause
// A descriptor that ends waits, in images that watch one. [ppoll(2)]
#include "linux.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/linux/system_call.hpp>
#include <unicore/platform/linux/watch.hpp>

#include <utility>

namespace unicore::platform {
namespace {

using linux::Call;
using linux::PollDescriptor;
using linux::TimeSpec;

constexpr int clock_monotonic = 1;
constexpr int absolute_time = 1;  // TIMER_ABSTIME

constinit int watched = -1;
constinit void (*when_readable)() noexcept = nullptr;

/// What is left until `deadline`, which becomes that: ppoll takes no absolute time.
void make_relative(volatile TimeSpec& deadline) noexcept {
    TimeSpec now{};
    linux::system_call(Call::clock_gettime, clock_monotonic, &now);
    std::int64_t seconds = deadline.seconds - now.seconds;
    std::int64_t nanoseconds = deadline.nanoseconds - now.nanoseconds;
    if (nanoseconds < 0) {
        nanoseconds += 1'000'000'000;
        --seconds;
    }
    deadline.seconds = seconds < 0 ? 0 : seconds;
    deadline.nanoseconds = seconds < 0 ? 0 : nanoseconds;
}

}  // namespace

bool linux::readable(int descriptor) noexcept {
    PollDescriptor poll{descriptor, poll_in, 0};
    TimeSpec no_time{};
    return system_call(Call::ppoll, &poll, 1, &no_time, nullptr) > 0;
}

void linux::watch(int descriptor, void (*arrived)() noexcept) noexcept {
    watched = descriptor;
    when_readable = arrived;
}

void linux::open_and_sleep(volatile TimeSpec& deadline) noexcept {
    if (when_readable == nullptr) {
        Interrupts::open();
        system_call(Call::clock_nanosleep, clock_monotonic, absolute_time, &deadline, nullptr);
        return;
    }
    make_relative(deadline);
    PollDescriptor poll{watched, poll_in, 0};
    Interrupts::open();
    if (system_call(Call::ppoll, &poll, 1, &deadline, nullptr) <= 0) return;
    const MaskGuard masked;
    if (when_readable != nullptr) std::exchange(when_readable, nullptr)();
}

}  // namespace unicore::platform
