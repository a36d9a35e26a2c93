// SPDX-License-Identifier: BSD-3-Clause
// An image as a process: the only one. [ISO C17, 7.14, 7.22.4; POSIX.1-2017, _Exit, getpid, kill]
#include "reent.hpp"

#include <unicore/base/boot.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

using namespace unicore;
using libc::newlib::fail;

namespace {

constexpr int own_process = 1;

/// What a signal that the program does not handle does is nothing. [POSIX.1-2017, signal.h]
bool ignored_by_default(int signal) noexcept {
    return signal == SIGCHLD || signal == SIGURG || signal == SIGCONT || signal == SIGWINCH;
}

}  // namespace

extern "C" {

/// The orderly stop. Streams are left as they are; exit has flushed them.
void _exit(int status) { boot::exit(status); }

int _getpid_r(_reent*) { return own_process; }

/// The handler, if there is one; then a panic, also when it returns.
void abort() {
    raise(SIGABRT);
    panic("abort");
}

/// What raise comes to when the program has no handler: SIGABRT panics, others end the image with the status
/// that shells show. Errors: EINVAL for what is no signal; ESRCH for other processes.
int _kill_r(_reent* reent, int process, int signal) {
    if (signal < 0 || signal >= NSIG) return fail(reent, EINVAL);
    if (process != own_process && process != 0 && process != -1) return fail(reent, ESRCH);
    if (signal == 0 || ignored_by_default(signal)) return 0;
    if (signal == SIGABRT) panic("abort");
    text::Report line("signal ");
    line << signal;
    line.print();
    boot::exit(128 + signal);
}

}  // extern "C"
