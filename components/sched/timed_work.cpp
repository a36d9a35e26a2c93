// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/sched/timed_work.hpp>

#include <unicore/base/late.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/sched/works.hpp>

namespace unicore::sched {

/// All used masked.
class TimedWorks {
public:
    void set(TimedWork& work, time::Instant when) noexcept {
        if (work.waiting_hook_.is_linked()) waiting_.erase(waiting_.iterator_to(work));
        work.moment_ = when;
        if (when == time::never) return;
        if (waiting_.insert(work) == waiting_.begin()) works::look_again();
    }
    time::Instant due() const noexcept { return waiting_.empty() ? time::never : waiting_.begin()->moment_; }
    void expire(time::Instant now) noexcept {
        while (!waiting_.empty() && due() <= now) {
            TimedWork& work = *waiting_.begin();
            waiting_.erase(waiting_.begin());
            work.moment_ = time::never;
            work.wake();
        }
    }

private:
    struct Moment {
        using type = time::Instant;
        type operator()(const TimedWork& work) const noexcept { return work.moment_; }
    };
    boost::intrusive::multiset<
        TimedWork, boost::intrusive::member_hook<TimedWork, decltype(TimedWork::waiting_hook_), &TimedWork::waiting_hook_>,
        boost::intrusive::key_of_value<Moment>, boost::intrusive::constant_time_size<false>>
        waiting_;
};

namespace {

platform::PerImage<Late<TimedWorks>> here;

TimedWorks& all() noexcept { return here->constructed() ? **here : here->construct(); }

}  // namespace

TimedWork::~TimedWork() { wake_at(time::never); }

void TimedWork::wake_at(time::Instant when) noexcept {
    if (when != time::never) static_cast<void>(time::Monotonic::now());  // the first reading may open the mask
    const platform::MaskGuard masked;
    all().set(*this, when);
}

void works::expire(time::Instant now) noexcept { all().expire(now); }

time::Instant works::due() noexcept { return all().due(); }

}  // namespace unicore::sched
