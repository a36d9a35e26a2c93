// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/posix/fd.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>

#include <boost/intrusive/list.hpp>

#include <span>

#include <sys/epoll.h>

namespace unicore::posix::epoll {

using fd::Description;
using fd::Outcome;
using fd::Reference;

class Set;

/// A descriptor that a set watches: a hook in its description's list, which it does not keep. Made, changed and ended with
/// `membership`; on the heap.
struct Entry : fd::PollHook {
    using Links = boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>>;

    Description* description;
    int descriptor;
    bool looks;  ///< nobody tells of its changes in time: it is looked at in every wait
    epoll_event wanted;
    Links entries_hook;  ///< in Set::entries_, with `membership` and Set::mutex_
    Links ready_hook;    ///< in Set::ready_ or in `collect`, masked

    /// What holds of what is wanted.
    std::uint32_t state() noexcept;
};

/// What epoll_create makes: entries, and those of them of which something was told since they were looked at. [epoll(7)]
class Set final : public Description, fd::Watcher {
public:
    Set() noexcept : Description(O_RDWR, Kind::epoll), Watcher(true) {}

    // As epoll_ctl. Context: thread, with `membership`.
    Outcome<void> add(Description& description, int descriptor, const epoll_event& event) noexcept;
    Outcome<void> change(const Description& description, int descriptor, const epoll_event& event) noexcept;
    Outcome<void> remove(const Description& description, int descriptor) noexcept;
    /// Ends the entries that one of its descriptors has in any set: all of its for -1.
    static void remove_all(Description& description, int descriptor) noexcept;

    /// Waits for events; how many there are. Context: thread. Errors: EINTR.
    Outcome<int> wait(std::span<epoll_event> into, time::Instant deadline) noexcept;

    Outcome<std::size_t> read(fd::Buffers&) noexcept override { return std::unexpected(EINVAL); }
    Outcome<std::size_t> write(fd::Buffers&) noexcept override { return std::unexpected(EINVAL); }
    short state() noexcept override;
    time::Instant look_at() noexcept override;
    void describe(struct stat& out) noexcept override;

private:
    template <auto hook>
    using List = boost::intrusive::list<Entry, boost::intrusive::member_hook<Entry, Entry::Links, hook>,
                                        boost::intrusive::constant_time_size<false>>;
    using Ready = List<&Entry::ready_hook>;

    void notify(fd::PollHook& hook) noexcept override;
    void destroy() noexcept override;

    Entry* find(const Description& description, int descriptor) noexcept;
    void end(Entry& entry) noexcept;
    void tell(Entry& entry) noexcept;
    void queue(Entry& entry) noexcept;
    Entry* take() noexcept;
    void look() noexcept;
    int collect(std::span<epoll_event> into) noexcept;
    bool has_ready() const noexcept;
    bool contains(const Set& other) noexcept;
    unsigned below() noexcept;
    unsigned above() noexcept;

    sched::Mutex mutex_;  ///< keeps entries as they are; that of a set outside is taken before that of one in it
    List<&Entry::entries_hook> entries_;  ///< those that are looked at stand in front
    Ready ready_;
    sched::WaitQueue queue_;
};

/// Guards which entries there are, in all sets; taken before any set's own.
sched::Mutex& membership() noexcept;

}  // namespace unicore::posix::epoll
