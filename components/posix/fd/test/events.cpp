// SPDX-License-Identifier: BSD-3-Clause
// [eventfd(2)]
#include "suites.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

namespace unicore::posix::fd {

void events(debug::Check& check) noexcept {
    errno = 0;
    eventfd_t value = 0;
    const int event = eventfd(5, EFD_NONBLOCK | EFD_CLOEXEC);
    check(fcntl(event, F_GETFD) == FD_CLOEXEC && eventfd_read(event, &value) == 0 && value == 5, "a number");
    check(fails(eventfd_read(event, &value), EAGAIN), "which is taken");
    check(eventfd_write(event, 2) == 0 && eventfd_write(event, 3) == 0 && eventfd_write(event, 0) == 0 &&
          eventfd_read(event, &value) == 0 &&
              value == 5, "and added to");
    check(eventfd_write(event, ~eventfd_t{0} - 1) == 0 && fails(eventfd_write(event, 1), EAGAIN) &&
          eventfd_write(event, 0) == 0 &&
              eventfd_read(event, &value) == 0 && value == ~eventfd_t{0} - 1, "up to the largest");
    check(fails(eventfd_write(event, ~eventfd_t{0}), EINVAL) && fails(write(event, &value, 7), EINVAL) &&
          fails(read(event, &value, 7), EINVAL),
              "what is no number");
    char room[16]{};
    check(eventfd_write(event, 1) == 0 && read(event, room, sizeof room) == 8 &&
          write(event, room, 8) == 8, "in more room than it needs");
    iovec halves[] = {{room, 4}, {room + 4, 4}};
    check(readv(event, halves, 2) == 8 && writev(event, halves, 2) == 8, "and in pieces");
    close(event);

    const int semaphore = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    check(eventfd_read(semaphore, &value) == 0 && value == 1 && eventfd_read(semaphore, &value) == 0 && value == 1 &&
              fails(eventfd_read(semaphore, &value), EAGAIN), "one at a time");
    close(semaphore);
    check(fails(eventfd(0, 0x10000), EINVAL), "flags that there are not");

    const int waited = eventfd(0, 0);
    {
        const Later writer([&] { eventfd_write(waited, 7); });
        check(eventfd_read(waited, &value) == 0 && value == 7, "a reader waits");
    }
    eventfd_write(waited, ~eventfd_t{0} - 1);
    {
        const Later reader([&] { eventfd_read(waited, &value); });
        check(eventfd_write(waited, 3) == 0, "a writer waits for room");
    }
    check(eventfd_read(waited, &value) == 0 && value == 3, "and has it");
    close(waited);
}

}  // namespace unicore::posix::fd
