// SPDX-License-Identifier: BSD-3-Clause
/// Reacting to what the other ends do takes store operations, and so a thread. Watches only note
/// that there is something to do.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>

#include <boost/intrusive/list.hpp>

#include <atomic>

namespace unicore::xen::bus {

/// Whether there is something to do. Context: any.
bool pending() noexcept;

/// Does what there is to do: drivers' callbacks run in here. Bounded, whatever the other ends do.
/// Returns whether something was done. A call from inside a callback does nothing. Context: thread.
bool work() noexcept;

/// Waits until `condition` holds, and does meanwhile what there is to do. Context: thread, not
/// inside of a callback. Errors: timed_out, stopped.
Result<void> wait(sched::Predicate condition, time::Instant deadline) noexcept;

/// Lets all devices look at their nodes again. Context: any.
void wake_devices() noexcept;

/// Something that may have to be done.
class Work {
public:
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    /// Notes that there is something to do. Context: any.
    void wake() noexcept;

protected:
    Work() noexcept;
    ~Work();  // not from inside of its own `run`

private:
    friend class Workers;
    virtual void run() noexcept = 0;
    virtual bool is_device() const noexcept = 0;

    std::atomic<bool> pending_{false};
    /// In Workers::all_, which owns nothing; guarded by masked interrupts.
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> all_hook_;
};

}  // namespace unicore::xen::bus
