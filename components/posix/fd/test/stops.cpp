// SPDX-License-Identifier: BSD-3-Clause
// A request to stop the image ends every wait, as a signal's handler would.
#include "suites.hpp"

#include <unicore/posix/fd/config.hpp>
#include <unicore/power.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

namespace unicore::posix::fd {

void stops(debug::Check& check) noexcept {
    errno = 0;
    int ends[2];
    pipe(ends);
    eventfd_t value;
    const int event = eventfd(0, 0);
    char byte = 0;
    {
        const Later stopper([] { power::request_stop(); });
        check(fails(read(ends[0], &byte, 1), EINTR), "a stop request ends a read");
    }
    pollfd one{ends[0], POLLIN, 0};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    check(fails(poll(&one, 1, -1), EINTR) && fails(select(ends[0] + 1, &set, nullptr, nullptr, nullptr), EINTR) &&
              fails(eventfd_read(event, &value), EINTR), "and every other wait");
    check(write(ends[1], "x", 1) == 1 && poll(&one, 1, -1) == 1 && read(ends[0], &byte, 1) == 1 &&
          byte == 'x', "not what need not wait");
    static char block[2 * config::pipe];
    check(write(ends[1], block, sizeof block) == config::pipe, "a write that is half done says so");
    close(ends[0]);
    close(ends[1]);
    close(event);
}

}  // namespace unicore::posix::fd
