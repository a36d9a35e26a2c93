// SPDX-License-Identifier: BSD-3-Clause
// Sets as descriptors, and what becomes of descriptors that are closed.
#include "suites.hpp"

#include <unicore/memory/heap.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace unicore::posix::epoll {
namespace {

int polled(int descriptor, int milliseconds = 0) noexcept {
    pollfd entry{descriptor, POLLIN, 0};
    return poll(&entry, 1, milliseconds) < 0 ? -1 : entry.revents;
}

void nested(debug::Check& check) noexcept {
    const int outer = epoll_create1(0), inner = epoll_create1(0), event = eventfd(0, 0);
    check(add(inner, event, EPOLLIN) && add(outer, inner, EPOLLIN | EPOLLET) && Told(outer).nothing() && polled(outer) == 0, "a set in a set");
    eventfd_write(event, 1);
    check(polled(outer) == POLLIN && Told(outer).only(inner, EPOLLIN) && polled(inner) == POLLIN && Told(inner).only(event, EPOLLIN),
          "is told when one of its own is");
    eventfd_t value;
    eventfd_read(event, &value);
    check(Told(outer).nothing() && polled(inner) == 0 && Told(inner).nothing(), "and when that is over");

    const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    const itimerspec soon{{0, 0}, {0, 10'000'000}};
    timerfd_settime(timer, 0, &soon, nullptr);
    check(add(inner, timer, EPOLLIN) && polled(outer, 5000) == POLLIN && Told(outer, 5000).only(inner, EPOLLIN), "who waits is woken");

    check(fails(control(inner, EPOLL_CTL_ADD, outer, EPOLLIN, 0), ELOOP), "not round in a circle");
    int chain[5]{outer};
    bool right = change(outer, inner, EPOLLIN);
    for (int i = 1; i != 4; ++i) {
        chain[i] = epoll_create1(0);
        right &= add(chain[i], chain[i - 1], EPOLLIN);
    }
    chain[4] = epoll_create1(0);
    check(right && fails(control(chain[4], EPOLL_CTL_ADD, chain[3], EPOLLIN, 0), ELOOP), "nor deeper than five");
    check(polled(chain[3]) == POLLIN, "from the innermost to the outermost");
    for (const int set : {outer, chain[1], chain[2], chain[3], chain[4]}) close(set);
    check(Told(inner).only(timer, EPOLLIN), "the inner one is there still");
    close(event), close(timer), close(inner);
}

void closed(debug::Check& check) noexcept {
    const auto before = memory::heap::usage().allocated;
    const int set = epoll_create1(0);
    int event = eventfd(1, 0);
    check(add(set, event, EPOLLIN) && close(event) == 0 && Told(set).nothing(), "what is closed leaves");
    check(eventfd(1, 0) == event && Told(set).nothing() && fails(control(set, EPOLL_CTL_MOD, event, EPOLLIN, 0), ENOENT) &&
              add(set, event, EPOLLIN) && Told(set).only(event, EPOLLIN),
          "its number is nobody's then");
    const int same = dup(event);
    check(add(set, same, EPOLLIN) && Told(set).count == 2, "a duplicate is another one");
    check(close(event) == 0 && Told(set).only(same, EPOLLIN), "and stays when the first is closed");
    check(dup2(1, same) == same && Told(set).nothing(), "what another takes the number of leaves, too");
    close(same);

    const int again = epoll_create1(0), both = eventfd(1, 0);
    check(add(set, both, EPOLLIN) && add(again, both, EPOLLIN | EPOLLEXCLUSIVE) && Told(set).only(both, EPOLLIN) && Told(again).only(both, EPOLLIN),
          "in two sets");
    check(close(set) == 0 && Told(again).only(both, EPOLLIN) && eventfd_write(both, 1) == 0, "of which one is closed");
    check(close(again) == 0 && eventfd_write(both, 1) == 0 && close(both) == 0, "and the other");
    check(memory::heap::usage().allocated == before, "nothing is left of them");
}

}  // namespace

void sets(debug::Check& check) noexcept {
    errno = 0;
    nested(check);
    closed(check);
    const int set = epoll_create1(EPOLL_CLOEXEC);
    struct stat status{};
    check((fcntl(set, F_GETFD) & FD_CLOEXEC) != 0 && fstat(set, &status) == 0 && fails(read(set, &status, 1), EINVAL) &&
              fails(write(set, &status, 1), EINVAL) && fails(lseek(set, 0, SEEK_SET), ESPIPE) && isatty(set) == 0,
          "a set is a descriptor");
    errno = 0;
    close(set);
}

}  // namespace unicore::posix::epoll
