// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore {

/// Keeps other threads from running in the middle of something, where a scheduler takes the CPU away. Weak, and nothing,
/// elsewhere. Nests, and ends with as many allow_preemption. What waits meanwhile lets others run. Context: thread.
void hold_preemption() noexcept;
void allow_preemption() noexcept;

/// For a scope. What interrupt handlers use as well takes a mask instead.
class PreemptionGuard {
public:
    PreemptionGuard() noexcept { hold_preemption(); }
    ~PreemptionGuard() { allow_preemption(); }
    PreemptionGuard(const PreemptionGuard&) = delete;
    PreemptionGuard& operator=(const PreemptionGuard&) = delete;
};

}  // namespace unicore
