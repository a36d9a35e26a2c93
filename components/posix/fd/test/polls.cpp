// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, poll, pselect, select; ppoll(2)]
#include "suites.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/posix/fd/config.hpp>
#include <unicore/time/clock.hpp>

#include <algorithm>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

using namespace std::chrono_literals;
using time::Monotonic;

/// What poll says of one descriptor, at once.
int now(int descriptor, int events) noexcept {
    pollfd one{descriptor, static_cast<short>(events), -1};
    const int count = poll(&one, 1, 0);
    return count == (one.revents != 0) ? one.revents : -1;
}

void states(debug::Check& check) noexcept {
    int ends[2];
    pipe2(ends, O_NONBLOCK);
    check(now(ends[0], POLLIN | POLLOUT) == 0 && now(ends[1], POLLIN | POLLOUT) == POLLOUT &&
          now(ends[1], 0) == 0, "an empty pipe");
    write(ends[1], "x", 1);
    check(now(ends[0], POLLIN) == POLLIN && now(ends[0], POLLRDNORM) == POLLRDNORM &&
          now(ends[0], POLLOUT) == 0, "one with something");
    static char block[config::pipe];
    write(ends[1], block, sizeof block);
    check(now(ends[1], POLLOUT) == 0, "a full one");
    close(ends[1]);
    check(now(ends[0], POLLIN) == (POLLIN | POLLHUP) && now(ends[0], 0) == POLLHUP, "its end");
    close(ends[0]);
    pipe(ends);
    close(ends[0]);
    check(now(ends[1], POLLOUT) == POLLERR, "a reader that has gone");
    close(ends[1]);
    check(now(ends[1], POLLIN) == POLLNVAL && now(-1, POLLIN) == 0 &&
          now(100'000, POLLIN) == POLLNVAL, "what is not there");
    const int event = eventfd(0, 0);
    check(now(event, POLLIN | POLLOUT) == POLLOUT, "a number that is 0");
    eventfd_write(event, ~eventfd_t{0} - 1);
    check(now(event, POLLIN | POLLOUT) == POLLIN, "and the largest");
    close(event);
    check(now(1, POLLIN | POLLOUT) == POLLOUT, "the console");
}

void several(debug::Check& check) noexcept {
    const int first = eventfd(0, 0), second = eventfd(0, 0);
    pollfd all[] = {{first, POLLIN, 0}, {-5, POLLIN, 7}, {second, POLLIN, 0}, {first, POLLOUT, 0}, {60, POLLIN, 0}};
    check(poll(all, 5, -1) == 2 && all[3].revents == POLLOUT && all[4].revents == POLLNVAL && all[0].revents == 0 &&
          all[1].revents == 0,
              "what is not there is not waited for");
    auto start = Monotonic::now();
    check(poll(all, 3, 10) == 0 && Monotonic::now() - start >= 10ms, "a timeout");
    timespec soon{0, 5'000'000}, wrong{0, 1'000'000'000};
    start = Monotonic::now();
    check(ppoll(all, 3, &soon, nullptr) == 0 && Monotonic::now() - start >= 5ms &&
          fails(ppoll(all, 1, &wrong, nullptr), EINVAL), "of ppoll");
    check(poll(nullptr, 0, 1) == 0 && fails(poll(all, 100000, 0), EINVAL), "none, and more than there can be");
    {
        const Later writer([&] { eventfd_write(second, 1); });
        check(poll(all, 3, -1) == 1 && all[2].revents == POLLIN && all[0].revents == 0, "somebody else wakes it");
    }
    {
        const Later writer([&] { eventfd_write(first, 1); });
        eventfd_t value;
        eventfd_read(second, &value);
        check(poll(all, 3, 5000) == 1 && all[0].revents == POLLIN, "before the timeout");
    }
    // Two threads wait for the same.
    eventfd_t value;
    eventfd_read(first, &value);
    int woken = 0;
    {
        const auto wait_for_it = [&] {
            pollfd one{first, POLLIN, 0};
            if (poll(&one, 1, 5000) == 1) ++woken;
        };
        const Later one(wait_for_it), two(wait_for_it);
        const Later writer([&] {
            static_cast<void>(sched::sleep_for(5ms));
            eventfd_write(first, 1);
        });
    }
    check(woken == 2, "all who wait");
    // A timer among them.
    const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    const itimerspec setting{{0, 0}, {0, 5'000'000}};
    timerfd_settime(timer, 0, &setting, nullptr);
    pollfd both[] = {{second, POLLIN, 0}, {timer, POLLIN, 0}};
    check(poll(both, 2, 5000) == 1 && both[1].revents == POLLIN, "a timer");
    close(timer);
    // What is closed meanwhile is still waited for, by whoever does.
    {
        const int same = dup(second);
        const Later closer([&] {
            close(second);
            eventfd_write(same, 1);
            close(same);
        });
        check(poll(both, 1, 5000) == 1 && both[0].revents == POLLIN, "closed under a waiter");
    }
    close(first);
}

/// More than find room on the stack.
void many(debug::Check& check) noexcept {
    const auto before = memory::heap::usage().allocated;
    constexpr nfds_t count = std::min<std::int64_t>(config::most, 200);
    static pollfd all[count];
    const int event = eventfd(0, 0);
    for (pollfd& one : all) one = {event, POLLIN, 0};
    check(poll(all, count, 0) == 0, "two hundred");
    eventfd_write(event, 1);
    all[7].fd = -1;
    check(poll(all, count, -1) == int{count} - 1 && all[7].revents == 0 && all[count - 1].revents == POLLIN, "of which all but one have something");
    close(event);
    check(memory::heap::usage().allocated == before, "leave nothing behind");
}

void selects(debug::Check& check) noexcept {
    int ends[2];
    pipe(ends);
    fd_set reading, writing, excepting;
    const auto fill = [&] {
        FD_ZERO(&reading);
        FD_ZERO(&writing);
        FD_ZERO(&excepting);
        FD_SET(ends[0], &reading);
        FD_SET(ends[1], &writing);
        FD_SET(ends[0], &excepting);
    };
    timeval none{0, 0}, soon{0, 5000}, wrong{0, 1'000'000};
    fill();
    check(select(ends[1] + 1, &reading, &writing, &excepting, &none) == 1 && FD_ISSET(ends[1], &writing) &&
          !FD_ISSET(ends[0], &reading) &&
              !FD_ISSET(ends[0], &excepting), "what is ready stays in its set");
    write(ends[1], "x", 1);
    fill();
    check(select(ends[1] + 1, &reading, &writing, nullptr, nullptr) == 2 && FD_ISSET(ends[0], &reading), "of each set");
    char byte;
    read(ends[0], &byte, 1);
    fill();
    const auto start = Monotonic::now();
    check(select(ends[0] + 1, &reading, nullptr, nullptr, &soon) == 0 && Monotonic::now() - start >= 5ms &&
          !FD_ISSET(ends[0], &reading), "a timeout");
    const timespec spec{0, 1'000'000};
    fill();
    check(pselect(ends[0] + 1, &reading, nullptr, nullptr, &spec, nullptr) == 0, "of pselect");
    {
        fill();
        const Later writer([&] { write(ends[1], "x", 1); });
        check(select(ends[0] + 1, &reading, nullptr, nullptr, nullptr) == 1, "somebody else wakes it");
    }
    read(ends[0], &byte, 1);
    close(ends[1]);
    FD_ZERO(&reading);
    FD_SET(ends[0], &reading);
    check(select(ends[0] + 1, &reading, nullptr, nullptr, nullptr) == 1 &&
          FD_ISSET(ends[0], &reading), "an end can be read");
    close(ends[0]);
    FD_ZERO(&reading);
    FD_SET(ends[0], &reading);
    check(fails(select(ends[0] + 1, &reading, nullptr, nullptr, &none), EBADF) &&
          fails(select(-1, nullptr, nullptr, nullptr, &none), EINVAL) &&
              fails(select(FD_SETSIZE + 1, nullptr, nullptr, nullptr, &none), EINVAL) &&
              fails(select(0, nullptr, nullptr, nullptr, &wrong), EINVAL), "what is wrong");
    check(select(0, nullptr, nullptr, nullptr, &none) == 0, "nothing at all");
}

}  // namespace

void polls(debug::Check& check) noexcept {
    errno = 0;
    states(check);
    several(check);
    many(check);
    selects(check);
}

}  // namespace unicore::posix::fd
