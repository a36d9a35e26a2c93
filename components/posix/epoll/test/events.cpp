// SPDX-License-Identifier: BSD-3-Clause
// [epoll(7), epoll_ctl(2)]
#include "suites.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace unicore::posix::epoll {
namespace {

void level(debug::Check& check, int set, int one, int other) noexcept {
    eventfd_t value;
    check(add(set, one, EPOLLIN) && add(set, other, EPOLLIN) && Told(set).nothing(), "nothing yet");
    eventfd_write(one, 1);
    check(Told(set).only(one, EPOLLIN) && Told(set).only(one, EPOLLIN), "as long as it holds");
    eventfd_write(other, 1);
    const Told both(set);
    check(both.count == 2 && both.of(one) == EPOLLIN && both.of(other) == EPOLLIN, "of both");
    eventfd_read(one, &value);
    check(Told(set).only(other, EPOLLIN), "until it is over");
    check(change(set, other, EPOLLIN | EPOLLOUT) && Told(set).only(other, EPOLLIN | EPOLLOUT), "something else is asked for");
    check(change(set, other, 0) && Told(set).nothing(), "or nothing");
    check(change(set, other, EPOLLIN) && Told(set).only(other, EPOLLIN), "and again");
    epoll_event told{};
    check(control(set, EPOLL_CTL_MOD, other, EPOLLIN, 0x123456789abcdef0) == 0 && epoll_wait(set, &told, 1, -1) == 1 &&
              told.data.u64 == 0x123456789abcdef0,
          "data is whatever it is");
    check(remove(set, other) && Told(set).nothing() && remove(set, one), "what was removed is not told");
    eventfd_read(other, &value);
}

void edge(debug::Check& check, int set, int one) noexcept {
    eventfd_t value;
    eventfd_write(one, 1);
    check(add(set, one, EPOLLIN | EPOLLET) && Told(set).only(one, EPOLLIN), "what holds at the beginning is told");
    check(Told(set).nothing(), "once");
    eventfd_write(one, 1);
    check(Told(set).only(one, EPOLLIN) && Told(set).nothing(), "and when there is more of it");
    eventfd_write(one, 1);
    eventfd_read(one, &value);
    check(Told(set).nothing(), "not what is over before anybody looks");
    eventfd_write(one, 1);
    check(change(set, one, EPOLLIN | EPOLLET) && Told(set).only(one, EPOLLIN) && Told(set).nothing() &&
              change(set, one, EPOLLIN | EPOLLET) && Told(set).only(one, EPOLLIN),
          "who asks again is told again");
    eventfd_read(one, &value);
    remove(set, one);
}

void once(debug::Check& check, int set, int one) noexcept {
    eventfd_t value;
    check(add(set, one, EPOLLIN | EPOLLONESHOT), "for one time");
    eventfd_write(one, 1);
    check(Told(set).only(one, EPOLLIN) && Told(set).nothing(), "it is told");
    eventfd_write(one, 1);
    check(Told(set).nothing(), "and no more");
    check(change(set, one, EPOLLIN | EPOLLONESHOT | EPOLLET) && Told(set).only(one, EPOLLIN) && Told(set).nothing(),
          "before it is asked for again");
    eventfd_read(one, &value);
    remove(set, one);
}

/// Each has its turn, with little room as well; and who has nothing costs nobody anything.
void many(debug::Check& check, int set) noexcept {
    constexpr std::size_t count = 48;
    std::array<int, count> all;
    bool right = true;
    for (int& one : all) {
        one = eventfd(1, 0);
        right &= one >= 0 && add(set, one, EPOLLIN);
    }
    std::array<unsigned, count> turns{};
    for (std::size_t round = 0; round != 3 * count / 8; ++round) {
        std::array<epoll_event, 8> told;
        right &= epoll_wait(set, told.data(), 8, -1) == 8;
        for (const epoll_event& event : told)
            for (std::size_t i = 0; i != count; ++i) turns[i] += event.data.u64 == static_cast<std::uint64_t>(all[i]);
    }
    for (const unsigned turn : turns) right &= turn == 3;
    check(right, "each of 48 has its turn where eight are told at a time");
    eventfd_t value;
    for (const int one : all) eventfd_read(one, &value);
    check(Told(set).nothing(), "nothing is left of them");
    for (const int one : all) close(one);
}

}  // namespace

void events(debug::Check& check) noexcept {
    errno = 0;
    const int set = epoll_create1(EPOLL_CLOEXEC);
    const int one = eventfd(0, EFD_NONBLOCK), other = eventfd(0, EFD_NONBLOCK);
    level(check, set, one, other);
    edge(check, set, one);
    once(check, set, one);
    close(one), close(other);
    many(check, set);
    close(set);
}

}  // namespace unicore::posix::epoll
