// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/posix/fd/poll_hook.hpp>

#include <unicore/sched/mutex.hpp>

namespace unicore::posix::fd {

using platform::MaskGuard;

void PollHooks::add(PollHook& hook) noexcept {
    const MaskGuard masked;
    hook.next = first_;
    hook.place = &first_;
    if (first_ != nullptr) first_->place = &hook.next;
    first_ = &hook;
}

void PollHooks::remove(PollHook& hook) noexcept {
    const MaskGuard masked;
    *hook.place = hook.next;
    if (hook.next != nullptr) hook.next->place = hook.place;
}

void PollHooks::notify_masked() noexcept {
    for (PollHook* hook = first_; hook != nullptr; hook = hook->next) hook->watcher->notify(*hook);
}

/// Who comes when nobody is there looks first, and so misses nothing.
void PollHooks::notify() noexcept {
    if (first_ == nullptr) return;
    {
        const MaskGuard masked;
        notify_masked();
    }
    sched::parking::settle();
}

}  // namespace unicore::posix::fd
