// SPDX-License-Identifier: BSD-3-Clause
// Threads that wait for one set, and that change it under those who wait.
#include "suites.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/thread.hpp>

#include <optional>

#include <sys/eventfd.h>
#include <unistd.h>

namespace unicore::posix::epoll {
namespace {

using namespace std::chrono_literals;

/// A thread that does something, after a while in which the one that started it can wait.
template <typename Action>
class Later {
public:
    explicit Later(Action action) noexcept
        : action_(action), thread_(sched::Thread::create(
                               [](void* self) noexcept {
                                   static_cast<void>(sched::sleep_for(5ms));
                                   static_cast<Later*>(self)->action_();
                               },
                               this)
                               .value()) {}

private:
    Action action_;
    sched::Thread thread_;  // joined at the end
};

struct Worker {
    int set;
    unsigned* left;  ///< of all workers
    unsigned taken = 0;
    std::optional<sched::Thread> thread;
};

/// Takes one event at a time, for one thread each, until all are taken.
void work(void* context) noexcept {
    auto& worker = *static_cast<Worker*>(context);
    while (*worker.left != 0) {
        epoll_event event;
        if (epoll_wait(worker.set, &event, 1, 20) != 1) continue;
        eventfd_t value;
        eventfd_read(event.data.fd, &value);
        ++worker.taken;
        --*worker.left;
        static_cast<void>(sched::sleep_for(1ms));
        control(worker.set, EPOLL_CTL_MOD, event.data.fd, EPOLLIN | EPOLLONESHOT, static_cast<std::uint64_t>(event.data.fd));
    }
}

}  // namespace

void threads(debug::Check& check) noexcept {
    errno = 0;
    const int set = epoll_create1(0), event = eventfd(0, EFD_NONBLOCK);
    {
        const Later adder([&] { add(set, event, EPOLLIN), eventfd_write(event, 1); });
        check(Told(set, 5000).only(event, EPOLLIN), "what is added while somebody waits");
    }
    eventfd_t value;
    eventfd_read(event, &value);
    {
        const Later remover([&] { remove(set, event), eventfd_write(event, 1); });
        check(Told(set, 50).nothing(), "and what is removed");
    }
    add(set, event, 0);
    {
        const Later changer([&] { change(set, event, EPOLLIN); });
        check(Told(set, 5000).only(event, EPOLLIN), "or changed");
    }
    const int same = dup(set);
    remove(set, event);
    {
        const Later closer([&] {
            close(set);
            add(same, event, EPOLLIN);
            close(event);
            eventfd_write(event, 1);
        });
        check(Told(set, 50).count == 0, "closed under who waits");
    }
    close(same);

    const int shared = epoll_create1(0);
    std::array<int, 4> events;
    for (int& one : events) {
        one = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
        control(shared, EPOLL_CTL_ADD, one, EPOLLIN | EPOLLONESHOT, static_cast<std::uint64_t>(one));
        eventfd_write(one, 10);
    }
    unsigned left = 40;
    std::array<Worker, 3> workers{{{shared, &left, 0, {}}, {shared, &left, 0, {}}, {shared, &left, 0, {}}}};
    for (Worker& worker : workers) worker.thread.emplace(sched::Thread::create(work, &worker).value());
    unsigned taken = 0;
    bool all = true;
    for (Worker& worker : workers) {
        worker.thread.reset();  // joins
        taken += worker.taken;
        all &= worker.taken != 0;
    }
    check(taken == 40 && all, "three threads share the work, and no event is lost or taken twice");
    for (const int one : events) close(one);
    close(shared);
}

}  // namespace unicore::posix::epoll
