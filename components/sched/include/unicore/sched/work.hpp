// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/intrusive/list.hpp>

namespace unicore::sched {

/// Something to be done later, in a thread: what an interrupt handler must leave to others, because it
/// waits or takes memory. Works run one at a time, those that were woken first first, while threads
/// wait, sleep or yield, or in a thread of the provider's. A wait inside a `run` runs no other.
class Work {
public:
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    /// Has `run` called soon, once or more from now on: several calls may become one. Context: any.
    void wake() noexcept;

    /// Keeps all works from running for a scope, which may wait: where a thread and a work use the same
    /// things. One that runs in another thread comes to its end first. In a `run` that is so anyway. Context: thread.
    class Pause {
    public:
        Pause() noexcept;
        ~Pause();
        Pause(const Pause&) = delete;
        Pause& operator=(const Pause&) = delete;
    };

protected:
    Work() noexcept = default;
    /// It does not run any more. Context: thread, not inside of its own `run`.
    ~Work();

private:
    friend class Works;

    /// Context: thread, as the wait that it runs in. It should be short: that wait lasts as much longer.
    /// What takes long does a part, and wakes itself for the rest.
    virtual void run() noexcept = 0;

    /// In Works::woken_, which owns nothing; guarded by masked interrupts.
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> woken_hook_;
};

}  // namespace unicore::sched
