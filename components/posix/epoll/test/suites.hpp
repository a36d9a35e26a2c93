// SPDX-License-Identifier: BSD-3-Clause
/// Suites of epoll, over all kinds of descriptors.
#pragma once

#include <unicore/debug/check.hpp>

#include <array>
#include <cstdint>

#include <errno.h>
#include <sys/epoll.h>

namespace unicore::posix::epoll {

void events(debug::Check& check) noexcept;   // level, edge, once; their order
void kinds(debug::Check& check) noexcept;    // pipes, eventfd, timerfd, the console
void sockets(debug::Check& check) noexcept;  // TCP and UDP
void sets(debug::Check& check) noexcept;     // sets in sets, in poll, and what is closed
void errors(debug::Check& check) noexcept;
void threads(debug::Check& check) noexcept;
void stops(debug::Check& check) noexcept;  // the last one

/// Whether a call failed, and for this reason.
inline bool fails(long result, int error) noexcept {
    const bool right = result == -1 && errno == error;
    errno = 0;
    return right;
}

inline int control(int set, int operation, int descriptor, std::uint32_t events, std::uint64_t data) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.u64 = data;
    return epoll_ctl(set, operation, descriptor, &event);
}
/// Adds a descriptor, whose number is its data.
inline bool add(int set, int descriptor, std::uint32_t events) noexcept {
    return control(set, EPOLL_CTL_ADD, descriptor, events, static_cast<std::uint64_t>(descriptor)) == 0;
}
inline bool change(int set, int descriptor, std::uint32_t events) noexcept {
    return control(set, EPOLL_CTL_MOD, descriptor, events, static_cast<std::uint64_t>(descriptor)) == 0;
}
inline bool remove(int set, int descriptor) noexcept { return epoll_ctl(set, EPOLL_CTL_DEL, descriptor, nullptr) == 0; }

/// What a wait says: which descriptors, and of each what.
struct Told {
    int count;
    std::array<epoll_event, 16> events;

    explicit Told(int set, int milliseconds = 0) noexcept : events{} {
        count = epoll_wait(set, events.data(), static_cast<int>(events.size()), milliseconds);
    }
    bool nothing() const noexcept { return count == 0; }
    /// What it says of one; 0 for nothing.
    std::uint32_t of(int descriptor) const noexcept {
        for (int i = 0; i < count; ++i)
            if (events[static_cast<std::size_t>(i)].data.u64 == static_cast<std::uint64_t>(descriptor))
                return events[static_cast<std::size_t>(i)].events;
        return 0;
    }
    /// Whether it says this of this one, and nothing of others.
    bool only(int descriptor, std::uint32_t wanted) const noexcept { return count == 1 && of(descriptor) == wanted; }
};

}  // namespace unicore::posix::epoll
