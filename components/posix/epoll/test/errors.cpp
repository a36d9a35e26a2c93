// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/posix/fd.hpp>
#include <unicore/posix/fd/config.hpp>
#include <unicore/power.hpp>

#include <new>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace unicore::posix::epoll {
namespace {

/// As a file is: it can always be read and written.
class Always final : public fd::Description {
public:
    constexpr Always() noexcept : Description(O_RDWR) {}
    fd::Outcome<std::size_t> read(fd::Buffers&) noexcept override { return 0; }
    fd::Outcome<std::size_t> write(fd::Buffers&) noexcept override { return 0; }
    short state() noexcept override { return POLLIN | POLLOUT; }
    bool watchable() noexcept override { return false; }
    void describe(struct stat&) noexcept override {}

private:
    void destroy() noexcept override {}
};
constinit Always always;

struct Block {
    Block* next;
};

void no_memory(debug::Check& check, int set, int event) noexcept {
    Block* blocks = nullptr;
    for (std::size_t size = std::size_t{1} << 20; size >= sizeof(Block);) {
        const auto block = memory::heap::allocate(size);
        if (block) blocks = new (*block) Block{blocks};
        else size /= 2;
    }
    check(fails(control(set, EPOLL_CTL_ADD, event, EPOLLIN, 0), ENOMEM) && fails(epoll_create1(0), ENOMEM), "no memory");
    while (blocks != nullptr) {
        Block* const next = blocks->next;
        memory::heap::release(blocks);
        blocks = next;
    }
    check(add(set, event, EPOLLIN) && remove(set, event), "until there is some again");
}

}  // namespace

void errors(debug::Check& check) noexcept {
    errno = 0;
    const int set = epoll_create1(0), event = eventfd(1, 0);
    check(fails(epoll_create(0), EINVAL) && fails(epoll_create(-1), EINVAL) && fails(epoll_create1(1), EINVAL), "what no set is made of");
    check(fails(control(1000, EPOLL_CTL_ADD, event, EPOLLIN, 0), EBADF) && fails(control(set, EPOLL_CTL_ADD, 1000, EPOLLIN, 0), EBADF) &&
              fails(control(set, EPOLL_CTL_ADD, -1, EPOLLIN, 0), EBADF) && fails(control(set, EPOLL_CTL_DEL, 1000, 0, 0), EBADF),
          "numbers that are none");
    check(fails(control(event, EPOLL_CTL_ADD, set, EPOLLIN, 0), EINVAL) && fails(control(set, EPOLL_CTL_ADD, set, EPOLLIN, 0), EINVAL) &&
              fails(control(set, 17, event, EPOLLIN, 0), EINVAL),
          "what is no set, itself, no operation");
    check(fails(epoll_ctl(set, EPOLL_CTL_ADD, event, nullptr), EFAULT), "nothing that is asked for");
    check(fails(control(set, EPOLL_CTL_MOD, event, EPOLLIN, 0), ENOENT) && fails(control(set, EPOLL_CTL_DEL, event, 0, 0), ENOENT), "not in it yet");
    check(add(set, event, EPOLLIN) && fails(control(set, EPOLL_CTL_ADD, event, EPOLLOUT, 0), EEXIST) && Told(set).only(event, EPOLLIN), "in it already");
    const int inner = epoll_create1(0);
    check(change(set, event, EPOLLIN) && fails(control(set, EPOLL_CTL_MOD, event, EPOLLIN | EPOLLEXCLUSIVE, 0), EINVAL) &&
              fails(control(set, EPOLL_CTL_ADD, inner, EPOLLIN | EPOLLEXCLUSIVE, 0), EINVAL),
          "EPOLLEXCLUSIVE is for what is new, and no set");
    check(remove(set, event) && fails(control(set, EPOLL_CTL_DEL, event, 0, 0), ENOENT), "not any more");
    close(inner);

    epoll_event told[4];
    check(fails(epoll_wait(1000, told, 4, 0), EBADF) && fails(epoll_wait(event, told, 4, 0), EINVAL) && fails(epoll_wait(set, told, 0, 0), EINVAL) &&
              fails(epoll_wait(set, told, -1, 0), EINVAL) && fails(epoll_wait(set, told, INT_MAX, 0), EINVAL),
          "what is no wait");
    const timespec wrong{0, 1'000'000'000}, past{-1, 0};
    check(fails(epoll_pwait2(set, told, 4, &wrong, nullptr), EINVAL) && fails(epoll_pwait2(set, told, 4, &past, nullptr), EINVAL), "nor a time");

    const auto file = fd::open(fd::Reference(always));
    check(file.has_value() && fails(control(set, EPOLL_CTL_ADD, file.value_or(-1), EPOLLIN, 0), EPERM), "what is always ready is not watched");
    close(*file);

    int last = -1, next;
    while ((next = dup(event)) >= 0) last = next;
    check(errno == EMFILE && fails(epoll_create1(0), EMFILE), "no more numbers");
    for (; last > set && last != event; --last) close(last);
    no_memory(check, set, event);
    close(set), close(event);
}

void stops(debug::Check& check) noexcept {
    errno = 0;
    const int set = epoll_create1(0), event = eventfd(0, 0);
    add(set, event, EPOLLIN);
    power::request_stop();
    epoll_event told;
    check(fails(epoll_wait(set, &told, 1, -1), EINTR), "a stop request ends a wait");
    eventfd_write(event, 1);
    check(epoll_wait(set, &told, 1, -1) == 1, "not one that there is something for");
    close(set), close(event);
}

}  // namespace unicore::posix::epoll
