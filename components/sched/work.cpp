// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/sched/work.hpp>

#include <unicore/base/late.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/works.hpp>

#include <utility>

namespace unicore::sched {

/// All used masked.
class Works {
public:
    void add(Work& work) noexcept {
        if (!work.woken_hook_.is_linked()) woken_.push_back(work);
        queue_.wake_all();
    }
    void remove(Work& work) noexcept {
        if (work.woken_hook_.is_linked()) woken_.erase(woken_.iterator_to(work));
    }

    std::size_t pending() const noexcept { return paused_ ? 0 : woken_.size(); }

    /// It may be woken again from then on, also by itself: then it stands behind all others.
    Work* take() noexcept {
        if (pending() == 0) return nullptr;
        Work& work = woken_.front();
        woken_.pop_front();
        return &work;
    }
    static void run(Work& work) noexcept { work.run(); }

    /// Returns what was so before.
    bool pause(bool paused) noexcept {
        if (!paused && !woken_.empty()) queue_.wake_all();
        return std::exchange(paused_, paused);
    }

private:
    bool paused_ = false;  ///< also while one runs
    WaitQueue queue_;      ///< wakes the threads in whose waits they run
    boost::intrusive::list<Work, boost::intrusive::member_hook<Work, decltype(Work::woken_hook_), &Work::woken_hook_>,
                           boost::intrusive::constant_time_size<false>>
        woken_;
};

namespace {

platform::PerImage<Late<Works>> here;

Works& all() noexcept { return here->constructed() ? **here : here->construct(); }

}  // namespace

Work::~Work() {
    const platform::MaskGuard masked;
    all().remove(*this);
}

void Work::wake() noexcept {
    const platform::MaskGuard masked;
    all().add(*this);
}

Work::Pause::Pause() noexcept {
    const platform::MaskGuard masked;
    before_ = all().pause(true);
}

Work::Pause::~Pause() {
    const platform::MaskGuard masked;
    all().pause(before_);
}

std::size_t works::pending() noexcept {
    const platform::MaskGuard masked;
    return all().pending();
}

bool works::run_next() noexcept {
    Work* next;
    {
        const platform::MaskGuard masked;
        next = all().take();
    }
    if (next == nullptr) return false;
    const Work::Pause one_at_a_time;
    Works::run(*next);
    return true;
}

}  // namespace unicore::sched
