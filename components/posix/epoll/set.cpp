// SPDX-License-Identifier: BSD-3-Clause
#include "set.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/posix/fd/calls.hpp>
#include <unicore/posix/fd/wait.hpp>

#include <algorithm>
#include <utility>

#include <poll.h>

namespace unicore::posix {
namespace epoll {

using platform::MaskGuard;
using sched::Guard;

namespace {

platform::PerImage<sched::Mutex> all_sets;

constexpr std::uint32_t flags = EPOLLET | EPOLLONESHOT | EPOLLEXCLUSIVE | EPOLLWAKEUP;
/// Errors and ends are always wanted.
epoll_event whole(const epoll_event& event) noexcept { return {event.events | EPOLLERR | EPOLLHUP, event.data}; }

constexpr unsigned deepest = 5;  // sets in sets [epoll_ctl(2), ELOOP]

}  // namespace

sched::Mutex& membership() noexcept { return *all_sets; }

std::uint32_t Entry::state() noexcept {
    const std::uint32_t asked = wanted.events & ~flags;
    if (asked == 0) return 0;  // has told once
    return static_cast<std::uint16_t>(description->state()) & asked;
}

// What is ready.

bool Set::has_ready() const noexcept {
    const MaskGuard masked;
    return !ready_.empty();
}

/// Masked.
void Set::queue(Entry& entry) noexcept {
    if (!entry.ready_hook.is_linked()) ready_.push_back(entry);
}

void Set::notify(fd::PollHook& hook) noexcept {
    queue(static_cast<Entry&>(hook));
    queue_.wake_all();
    pollers().notify_masked();
}

/// Something may hold of an entry that is new, or is asked for something else. With the mutex.
void Set::tell(Entry& entry) noexcept {
    if (entry.state() == 0) return;
    {
        const MaskGuard masked;
        notify(entry);
    }
    sched::parking::settle();
}

/// The next one, which may be told of again from now on.
Entry* Set::take() noexcept {
    const MaskGuard masked;
    if (ready_.empty()) return nullptr;
    Entry& entry = ready_.front();
    ready_.pop_front();
    return &entry;
}

/// Has those looked at that nobody tells of. With the mutex.
void Set::look() noexcept {
    for (Entry& entry : entries_) {
        if (!entry.looks) break;
        const MaskGuard masked;
        queue(entry);
    }
}

/// What holds, of as many as there is room for. Level-triggered ones are looked at again the next time, behind the others.
int Set::collect(std::span<epoll_event> into) noexcept {
    const Guard guard(mutex_);
    look();
    Ready again;
    std::size_t count = 0;
    while (count != into.size()) {
        Entry* const entry = take();
        if (entry == nullptr) break;
        const std::uint32_t events = entry->state();
        if (events == 0) continue;
        into[count++] = {events, entry->wanted.data};
        if ((entry->wanted.events & EPOLLONESHOT) != 0) {
            entry->wanted.events = EPOLLONESHOT;
        } else if ((entry->wanted.events & EPOLLET) == 0) {
            const MaskGuard masked;
            if (!entry->ready_hook.is_linked()) again.push_back(*entry);
        }
    }
    if (!again.empty()) {
        const MaskGuard masked;
        ready_.splice(ready_.end(), again);
    }
    return static_cast<int>(count);
}

/// When somebody must look: at what nobody tells of.
time::Instant Set::look_at() noexcept {
    const Guard guard(mutex_);
    time::Instant look = time::never;
    for (Entry& entry : entries_) {
        if (!entry.looks) break;
        look = std::min(look, entry.description->look_at());
    }
    return look;
}

Outcome<int> Set::wait(std::span<epoll_event> into, time::Instant deadline) noexcept {
    if (deadline == fd::at_once || has_ready()) sched::yield();  // who never waits lets others run, the network stack too
    for (;;) {
        if (const int count = collect(into); count != 0 || deadline == fd::at_once) return count;
        const time::Instant look = std::min(deadline, look_at());
        const auto waited = libc::cancellation::wait(queue_, [this] { return !ready_.empty(); }, look);
        if (waited || (waited.error() == Error::timed_out && look != deadline)) continue;
        if (waited.error() == Error::stopped) return std::unexpected(EINTR);
        return collect(into);
    }
}

/// For poll, and for a set that watches this one. What has nothing leaves those that are ready.
short Set::state() noexcept {
    const Guard guard(mutex_);
    look();
    while (Entry* const entry = take()) {
        if (entry->state() == 0) continue;
        const MaskGuard masked;
        if (!entry->ready_hook.is_linked()) ready_.push_front(*entry);
        return POLLIN | POLLRDNORM;
    }
    return 0;
}

void Set::describe(struct stat& out) noexcept {
    out.st_mode = S_IRUSR | S_IWUSR;
    out.st_nlink = 1;
}

// What is watched. An entry is in its description's list, where there are few: that is where it is found.

Entry* Set::find(const Description& description, int descriptor) noexcept {
    return static_cast<Entry*>(const_cast<Description&>(description).pollers().find([&](const fd::PollHook& hook) {
        return hook.watcher == this && static_cast<const Entry&>(hook).descriptor == descriptor;
    }));
}

/// Whether a set is this one, or is in it.
bool Set::contains(const Set& other) noexcept {
    if (this == &other) return true;
    return std::ranges::any_of(entries_, [&](const Entry& entry) {
        return entry.description->kind() == Kind::epoll && static_cast<Set*>(entry.description)->contains(other);
    });
}

/// How many sets there are one in the other, from this one on inwards and outwards.
unsigned Set::below() noexcept {
    unsigned depth = 0;
    for (const Entry& entry : entries_)
        if (entry.description->kind() == Kind::epoll) depth = std::max(depth, static_cast<Set*>(entry.description)->below());
    return depth + 1;
}
unsigned Set::above() noexcept {
    unsigned depth = 0;
    pollers().find([&](const fd::PollHook& hook) {
        if (hook.watcher->stays()) depth = std::max(depth, static_cast<Set*>(hook.watcher)->above());
        return false;
    });
    return depth + 1;
}

Outcome<void> Set::add(Description& description, int descriptor, const epoll_event& event) noexcept {
    if (find(description, descriptor) != nullptr) return std::unexpected(EEXIST);
    if (description.kind() == Kind::epoll) {
        auto& inner = static_cast<Set&>(description);
        if ((event.events & EPOLLEXCLUSIVE) != 0) return std::unexpected(EINVAL);
        if (inner.contains(*this) || inner.below() + above() > deepest) return std::unexpected(ELOOP);
    }
    const auto block = memory::heap::allocate(sizeof(Entry));
    if (!block) return std::unexpected(ENOMEM);
    auto& entry = *new (*block) Entry;
    entry.watcher = this;
    entry.description = &description;
    entry.descriptor = descriptor;
    entry.looks = description.look_at() != time::never;
    entry.wanted = whole(event);
    const Guard guard(mutex_);
    entries_.insert(entry.looks ? entries_.begin() : entries_.end(), entry);
    description.pollers().add(entry);
    tell(entry);
    return {};
}

Outcome<void> Set::change(const Description& description, int descriptor, const epoll_event& event) noexcept {
    Entry* const entry = find(description, descriptor);
    if (entry == nullptr) return std::unexpected(ENOENT);
    if (((event.events | entry->wanted.events) & EPOLLEXCLUSIVE) != 0) return std::unexpected(EINVAL);
    const Guard guard(mutex_);
    entry->wanted = whole(event);
    tell(*entry);
    return {};
}

Outcome<void> Set::remove(const Description& description, int descriptor) noexcept {
    Entry* const entry = find(description, descriptor);
    if (entry == nullptr) return std::unexpected(ENOENT);
    end(*entry);
    return {};
}

/// Nobody tells of it from then on, and nobody looks at it: who does has the mutex.
void Set::end(Entry& entry) noexcept {
    fd::PollHooks::remove(entry);
    {
        const Guard guard(mutex_);
        entries_.erase(entries_.iterator_to(entry));
        const MaskGuard masked;
        if (entry.ready_hook.is_linked()) ready_.erase(ready_.iterator_to(entry));
    }
    entry.~Entry();
    memory::heap::release(&entry);
}

void Set::remove_all(Description& description, int descriptor) noexcept {
    const Guard guard(membership());
    const auto ends = [&](const fd::PollHook& hook) {
        if (!hook.watcher->stays()) return false;
        return descriptor == -1 || static_cast<const Entry&>(hook).descriptor == descriptor;
    };
    while (fd::PollHook* const hook = description.pollers().find(ends))
        static_cast<Set*>(hook->watcher)->end(static_cast<Entry&>(*hook));
}

void Set::destroy() noexcept {
    {
        const Guard guard(membership());
        while (!entries_.empty()) end(entries_.front());
    }
    fd::unmake(*this);
}

}  // namespace epoll

void fd::unwatch(Description& description, int descriptor) noexcept { epoll::Set::remove_all(description, descriptor); }

}  // namespace unicore::posix
