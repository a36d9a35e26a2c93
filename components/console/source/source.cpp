// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/source.hpp>

#include <unicore/base/late.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>

namespace unicore::console {
namespace {

struct State {
    Source* first = nullptr;
    ArrivalHook* hooks = nullptr;     ///< changed masked
    Late<sched::WaitQueue> readers;  ///< there with the first source
};
platform::PerImage<State> state;

}  // namespace

void add(Source& source) noexcept {
    if (!state->readers.constructed()) state->readers.construct();
    Source** last = &state->first;
    while (*last != nullptr) last = &(*last)->next;
    *last = &source;
}

void arrived() noexcept {
    const platform::MaskGuard masked;
    state->readers->wake_all();
    for (ArrivalHook* hook = state->hooks; hook != nullptr; hook = hook->next) hook->run(*hook);
}

Source* first_source() noexcept { return state->first; }

void add(ArrivalHook& hook) noexcept {
    const platform::MaskGuard masked;
    hook.next = state->hooks;
    state->hooks = &hook;
}

void remove(ArrivalHook& hook) noexcept {
    const platform::MaskGuard masked;
    ArrivalHook** place = &state->hooks;
    while (*place != &hook) place = &(*place)->next;
    *place = hook.next;
}

Result<void> wait_for_arrival(sched::Predicate condition, time::Instant deadline) noexcept {
    return state->readers->wait(condition, deadline);
}

}  // namespace unicore::console
