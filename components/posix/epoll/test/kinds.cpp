// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <cstring>

#include <fcntl.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace unicore::posix::epoll {
namespace {

std::int64_t now() noexcept {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

void pipes(debug::Check& check, int set) noexcept {
    int ends[2];
    char byte;
    pipe2(ends, O_NONBLOCK);
    check(add(set, ends[0], EPOLLIN | EPOLLET) && add(set, ends[1], EPOLLOUT | EPOLLET) && Told(set).only(ends[1], EPOLLOUT),
          "an empty pipe");
    write(ends[1], "x", 1);
    check(Told(set).of(ends[0]) == EPOLLIN, "one with something");
    read(ends[0], &byte, 1);
    close(ends[1]);
    check(Told(set).only(ends[0], EPOLLHUP), "its end, which nobody has to ask for");
    close(ends[0]);
    pipe2(ends, O_NONBLOCK);
    check(add(set, ends[1], EPOLLIN) && close(ends[0]) == 0 && Told(set).only(ends[1], EPOLLERR), "a reader that has gone");
    close(ends[1]);
}

void timers(debug::Check& check, int set) noexcept {
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    const itimerspec soon{{0, 0}, {0, 20'000'000}}, often{{0, 10'000'000}, {0, 10'000'000}}, off{};
    std::uint64_t times = 0;
    std::int64_t begin = now();
    timerfd_settime(timer, 0, &soon, nullptr);
    check(add(set, timer, EPOLLIN) && Told(set).nothing(), "a timer that runs");
    check(Told(set, 5000).only(timer, EPOLLIN) && now() - begin >= 19, "is told when it expires");
    check(Told(set).only(timer, EPOLLIN) && read(timer, &times, sizeof times) == sizeof times && Told(set).nothing(), "until it is read");
    begin = now();
    check(Told(set, 15).nothing() && now() - begin >= 14, "a wait ends in time");

    change(set, timer, EPOLLIN | EPOLLET);
    timerfd_settime(timer, 0, &often, nullptr);
    bool right = true;
    for (int i = 0; i != 3; ++i) {
        right &= Told(set, 5000).only(timer, EPOLLIN) && Told(set).nothing();
        right &= read(timer, &times, sizeof times) == sizeof times && times >= 1;
    }
    check(right, "one that goes on, by its edges");
    timerfd_settime(timer, 0, &off, nullptr);
    read(timer, &times, sizeof times);
    check(Told(set, 25).nothing(), "until it is stopped");

    const timespec nothing{0, 0}, little{0, 5'000'000};
    epoll_event told{};
    begin = now();
    check(epoll_pwait2(set, &told, 1, &nothing, nullptr) == 0 && epoll_pwait2(set, &told, 1, &little, nullptr) == 0 &&
              now() - begin >= 4 && epoll_pwait(set, &told, 1, 1, nullptr) == 0,
          "pwait and pwait2");
    timerfd_settime(timer, 0, &soon, nullptr);
    check(epoll_pwait2(set, &told, 1, nullptr, nullptr) == 1 && told.data.u64 == static_cast<std::uint64_t>(timer), "without end");
    close(timer);
}

void console(debug::Check& check, int set) noexcept {
    check(add(set, 1, EPOLLOUT) && Told(set).only(1, EPOLLOUT) && remove(set, 1), "the console can be written to");
    check(add(set, 0, EPOLLIN) && write(1, "type a line\n", 12) == 12, "somebody types");
    char line[16]{};
    check(Told(set, 20'000).of(0) == EPOLLIN && read(0, line, sizeof line) == 6 && std::memcmp(line, "hello\n", 6) == 0, "and is read");
    remove(set, 0);
}

}  // namespace

void kinds(debug::Check& check) noexcept {
    errno = 0;
    const int set = epoll_create(1);
    pipes(check, set);
    timers(check, set);
    console(check, set);
    check(Told(set).nothing(), "what is closed is not watched");
    close(set);
}

}  // namespace unicore::posix::epoll
