// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.14]
#include "suites.hpp"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

namespace unicore::libc {
namespace {

volatile sig_atomic_t last = 0;

void note(int signal) { last = signal; }

}  // namespace

void signals(debug::Check& check) noexcept {
    check(signal(SIGINT, note) == SIG_DFL, "signal returns the handler before");
    check(raise(SIGINT) == 0 && last == SIGINT, "raise calls the handler");
    last = 0;
    signal(SIGTERM, SIG_IGN);
    check(raise(SIGTERM) == 0 && last == 0, "or nothing");
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    errno = 0;
    check(signal(-1, note) == SIG_ERR && errno == EINVAL, "what is no signal is refused");
    check(kill(getpid(), 0) == 0, "kill asks for the image's own process");
    check(kill(getpid() + 1, SIGTERM) == -1 && errno == ESRCH, "there is no other");
}

}  // namespace unicore::libc
