// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/bus/work.hpp>

#include <unicore/base/late.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/power.hpp>

#include <cstddef>

namespace unicore::xen::bus {

class Workers {
public:
    void add(Work& work) noexcept { all_.push_back(work); }
    void remove(Work& work) noexcept { all_.erase(all_.iterator_to(work)); }

    bool pending() noexcept {
        for (const Work& work : all_)
            if (work.pending_.load(std::memory_order_relaxed)) return true;
        return false;
    }

    void wake_devices() noexcept {
        for (Work& work : all_)
            if (work.is_device()) work.pending_.store(true, std::memory_order_relaxed);
        queue.wake_all();
    }

    bool running() const noexcept { return running_; }

    bool run() noexcept {
        if (running_) return false;
        running_ = true;
        bool any = false;
        // Whoever had its turn stands at the end: one that always has something to do keeps nobody
        // waiting, and does not keep us here.
        for (std::size_t left = 2 * all_.size(); left != 0; --left) {
            Work* const next = take();
            if (next == nullptr) break;
            next->run();
            any = true;
        }
        running_ = false;
        return any;
    }

    sched::WaitQueue queue;

private:
    Work* take() noexcept {
        const platform::MaskGuard masked;
        for (Work& work : all_) {
            if (!work.pending_.exchange(false, std::memory_order_relaxed)) continue;
            remove(work);
            add(work);
            return &work;
        }
        return nullptr;
    }

    boost::intrusive::list<Work, boost::intrusive::member_hook<Work, decltype(Work::all_hook_), &Work::all_hook_>,
                           boost::intrusive::constant_time_size<false>>
        all_;
    bool running_ = false;
};

namespace {

platform::PerImage<Late<Workers>> here;

Workers& workers() noexcept { return here->constructed() ? **here : here->construct(); }

}  // namespace

Work::Work() noexcept {
    const platform::MaskGuard masked;
    workers().add(*this);
}

Work::~Work() {
    const platform::MaskGuard masked;
    workers().remove(*this);
}

void Work::wake() noexcept {
    pending_.store(true, std::memory_order_relaxed);
    workers().queue.wake_all();
}

bool pending() noexcept {
    const platform::MaskGuard masked;
    return workers().pending();
}

void wake_devices() noexcept {
    const platform::MaskGuard masked;
    workers().wake_devices();
}

bool work() noexcept { return workers().run(); }

Result<void> wait(sched::Predicate condition, time::Instant deadline) noexcept {
    Workers& all = workers();
    for (;;) {
        work();
        UNICORE_TRY(all.queue.wait([&] { return condition() || (!all.running() && all.pending()); }, deadline));
        {
            const platform::MaskGuard masked;
            if (condition()) return {};
        }
        // Something to do ended the wait; other ends that always have something do not keep it from ending.
        if (power::stop_requested()) return unexpected(Error::stopped);
        if (deadline != time::never && time::Monotonic::now() >= deadline) return unexpected(Error::timed_out);
    }
}

}  // namespace unicore::xen::bus
