// SPDX-License-Identifier: BSD-3-Clause
// Descriptors that end waits, in images that watch some. [ppoll(2)]
#include "linux.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/linux/system_call.hpp>
#include <unicore/platform/linux/watch.hpp>

#include <utility>

namespace unicore::platform {
namespace {

using linux::Call;
using linux::PollDescriptor;
using linux::TimeSpec;
using linux::Until;
using linux::Watch;

constexpr int clock_monotonic = 1;
constexpr int absolute_time = 1;  // TIMER_ABSTIME

constinit Watch* first = nullptr;
constinit unsigned count = 0;

constexpr PollDescriptor to_poll(int descriptor, Until until) noexcept {
    constexpr short either = linux::poll_in | linux::poll_out;
    return {descriptor, until == Until::readable ? linux::poll_in : either, 0};
}

/// What is left until `deadline`, which becomes that: ppoll takes no absolute time.
void make_relative(volatile TimeSpec& deadline) noexcept {
    constexpr std::int64_t a_century = 100LL * 366 * 24 * 60 * 60;  // and more: that is never, from whenever on
    if (deadline.seconds > a_century) return;
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

void call_back(const PollDescriptor* polled, unsigned size) noexcept {
    for (unsigned i = 0; i != size; ++i) {
        if (polled[i].returned == 0) continue;
        // Since it was polled, another thread may have ended it or armed others. So it is looked for, from the start.
        Watch* watch = first;
        while (watch != nullptr && watch->descriptor != polled[i].descriptor) watch = watch->next;
        if (watch == nullptr) continue;
        unwatch(*watch);
        watch->arrived(*watch);
    }
}

}  // namespace

bool linux::ready(int descriptor, Until until) noexcept {
    PollDescriptor poll = to_poll(descriptor, until);
    TimeSpec no_time{};
    return system_call(Call::ppoll, &poll, 1, &no_time, nullptr) > 0;
}

void linux::watch(Watch& watch, Until until) noexcept {
    const MaskGuard masked;
    watch.until = until;
    if (std::exchange(watch.armed, true)) return;
    UNICORE_ASSERT(count != most_watches);
    ++count;
    watch.next = std::exchange(first, &watch);
}

void linux::unwatch(Watch& watch) noexcept {
    const MaskGuard masked;
    if (!std::exchange(watch.armed, false)) return;
    --count;
    Watch** place = &first;
    while (*place != &watch) place = &(*place)->next;
    *place = watch.next;
}

void linux::open_and_sleep(volatile TimeSpec& deadline) noexcept {
    if (first == nullptr) {
        Interrupts::open();
        system_call(Call::clock_nanosleep, clock_monotonic, absolute_time, &deadline, nullptr);
        return;
    }
    make_relative(deadline);
    PollDescriptor polled[most_watches];
    unsigned size = 0;
    for (const Watch* watch = first; watch != nullptr; watch = watch->next)
        polled[size++] = to_poll(watch->descriptor, watch->until);
    Interrupts::open();
    if (system_call(Call::ppoll, polled, size, &deadline, nullptr) <= 0) return;
    const MaskGuard masked;
    call_back(polled, size);
}

}  // namespace unicore::platform
