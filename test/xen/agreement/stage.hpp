// SPDX-License-Identifier: BSD-3-Clause
/// Two domains that do a scenario together, in lock-step: what one does is done before the other goes on.
#pragma once

#include "recorder.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/store.hpp>

#include <cstdint>

namespace unicore::test {

/// How long anything is waited for, so that a fault ends in a trace that says so. Machines are busy with other things,
/// and domains come one after another.
constexpr time::Duration patience = std::chrono::seconds(30);

enum class Role : std::uint8_t { front, back };

/// Steps are counted in xenstore, where each domain has a folder for the other: data/PEER. Every wait is
/// bounded; after one that was for nothing, nothing is done any more, and the trace says so.
class Stage {
public:
    Stage(Role role, std::uint16_t self) noexcept : self(self), role_(role) {}

    /// A scenario starts, with this peer. `number` is the same in both domains.
    void begin(unsigned number, std::uint16_t peer) noexcept;

    bool front() const noexcept { return role_ == Role::front; }
    bool failed() const noexcept { return failed_; }

    /// One does something while the other waits.
    template <typename Body>
    void turn(Role role, Body&& body) noexcept {
        ++step_;
        if (failed_) return;
        if (role_ == role) body(), arrive();
        else wait();
    }
    /// Each does its part at the same time; both are through when this returns.
    template <typename Front, typename Back>
    void both(Front&& front, Back&& back) noexcept {
        ++step_;
        if (failed_) return;
        if (role_ == Role::front) front();
        else back();
        arrive();
        wait();
    }
    /// Whether the other has finished the current step.
    bool other_arrived() noexcept;

    // Numbers for the other one; to hear of a port or a grant names it in the trace.
    void tell(const char* what, std::uint64_t number) noexcept;
    std::uint64_t hear(const char* what) noexcept;
    std::uint64_t hear(const char* what, Recorder::Kind kind) noexcept;

    /// Has the toolstack do something, and waits for that.
    void ask_toolstack(std::string_view order) noexcept;

    std::uint16_t self, peer = 0;

private:
    void arrive() noexcept;
    void wait() noexcept;
    void give_up(const char* why) noexcept;
    xen::store::Path theirs(const char* what) const noexcept;

    Role role_;
    bool failed_ = false;
    std::uint64_t step_ = 0, others_ = 0;
    std::uint64_t orders_ = 0;
    bool moved_ = false;
    sched::WaitQueue queue_;
    xen::store::Watch watch_;
};

/// Waits for what must come, with patience. Whether it came.
bool soon(sched::Predicate condition) noexcept;

/// The world's part of `ask_toolstack`, once the order is written.
void wake_toolstack() noexcept;

}  // namespace unicore::test
