// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/sched/work.hpp>

#include <unicore/base/late.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/works.hpp>

#include <cstdint>

namespace unicore::sched {

/// All used masked.
class Works {
public:
    void add(Work& work) noexcept {
        if (!work.woken_hook_.is_linked()) woken_.push_back(work);
        tell();
    }
    void remove(Work& work) noexcept {
        if (work.woken_hook_.is_linked()) woken_.erase(woken_.iterator_to(work));
    }

    std::size_t pending() const noexcept { return pauses_ != 0 ? 0 : woken_.size(); }

    /// It may be woken again from then on, also by itself: then it stands behind all others.
    Work* take() noexcept {
        if (pending() == 0) return nullptr;
        Work& work = woken_.front();
        woken_.pop_front();
        ++pauses_;
        runner_ = current_thread();
        return &work;
    }
    void run(Work& work) noexcept { work.run(); }
    void ran() noexcept {
        runner_ = nobody;
        --pauses_;
        tell();
    }
    /// Whether one runs in another thread.
    bool runs_elsewhere() const noexcept { return runner_ != nobody && runner_ != current_thread(); }
    WaitQueue& queue() noexcept { return queue_; }

    void look_again() noexcept {
        queue_.wake_all();
        works::alert();
    }

    void pause() noexcept { ++pauses_; }
    void resume() noexcept {
        if (--pauses_ == 0) tell();
    }

private:
    void tell() noexcept {
        queue_.wake_all();
        if (pending() != 0) works::alert();
    }

    static constexpr std::uintptr_t nobody = 0;

    unsigned pauses_ = 0;            ///< a work that runs is one
    std::uintptr_t runner_ = nobody;  ///< the thread in which one runs
    WaitQueue queue_;                ///< wakes the threads in whose waits they run, and those that wait for a pause
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
    {
        const platform::MaskGuard masked;
        all().pause();
    }
    // What runs comes to its end first. Waits end at once when the image is to stop, and this one must not.
    const auto over = [] { return !all().runs_elsewhere(); };
    while (!all().queue().wait(over) && !over()) yield();
}

Work::Pause::~Pause() {
    const platform::MaskGuard masked;
    all().resume();
}

[[gnu::weak]] void works::alert() noexcept {}

void works::look_again() noexcept { all().look_again(); }

bool works::exist() noexcept { return true; }

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
    all().run(*next);
    const platform::MaskGuard masked;
    all().ran();
    return true;
}

}  // namespace unicore::sched
