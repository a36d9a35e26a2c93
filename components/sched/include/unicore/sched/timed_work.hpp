// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/sched/work.hpp>
#include <unicore/time/clock.hpp>

#include <boost/intrusive/set.hpp>

namespace unicore::sched {

/// A work that runs at a moment, too. Images without one pay nothing for it.
class TimedWork : public Work {
public:
    /// Has `run` called at that moment, or soon after it; what was said before counts no more. `never` cancels. It is
    /// forgotten when it has come; a `wake` before does not change it. Context: thread.
    void wake_at(time::Instant when) noexcept;

    /// The moment that was said, or never. Context: thread.
    time::Instant wakes_at() const noexcept { return moment_; }

protected:
    TimedWork() noexcept = default;
    ~TimedWork();

private:
    friend class TimedWorks;

    time::Instant moment_ = time::never;
    /// In TimedWorks::waiting_, which owns nothing; guarded by masked interrupts.
    boost::intrusive::set_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> waiting_hook_;
};

}  // namespace unicore::sched
